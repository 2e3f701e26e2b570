// SPDX-License-Identifier: MIT
// Wire: a TCP port in front of a unix socket, which a test can freeze: what is sent then arrives nowhere, and
// nobody is told.
#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "core/base/unique_fd.hpp"

namespace sluice::test {

class Wire {
 public:
  explicit Wire(std::string socket_path);
  ~Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  std::uint16_t port() const { return port_; }
  void freeze() { frozen_ = true; }
  /// New connections work again; the old ones stay dead.
  void thaw();

 private:
  void run();
  void accept_one();
  struct Pair {
    UniqueFd client;
    UniqueFd server;
  };
  static bool forward(int from, int to);

  std::string path_;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::atomic<bool> frozen_{false};
  std::atomic<bool> thawed_{false};
  std::atomic<bool> stop_{false};
  std::vector<Pair> pairs_;  // of the thread
  std::thread thread_;
};

}  // namespace sluice::test
