// SPDX-License-Identifier: MIT
#include "tests/integration/wire.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace sluice::test {
namespace {

constexpr int kTickMs = 20;

[[noreturn]] void fail(const char* what) {
  throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

}  // namespace

Wire::Wire(std::string socket_path)
    : path_(std::move(socket_path)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_.get(), any, size) != 0 || listen(listener_.get(), 100) != 0) fail("listen");
  if (getsockname(listener_.get(), any, &size) != 0) fail("getsockname");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

Wire::~Wire() {
  stop_ = true;
  thread_.join();
}

void Wire::thaw() {
  thawed_ = true;
  frozen_ = false;
}

void Wire::accept_one() {
  Pair pair{UniqueFd(accept(listener_.get(), nullptr, nullptr)), UniqueFd(socket(AF_UNIX, SOCK_STREAM, 0))};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path_.copy(address.sun_path, sizeof address.sun_path - 1);
  if (!pair.client || connect(pair.server.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
    return;
  pairs_.push_back(std::move(pair));
}

bool Wire::forward(int from, int to) {
  std::array<char, 65536> buffer;
  const ssize_t got = read(from, buffer.data(), buffer.size());
  if (got <= 0) return false;
  for (ssize_t done = 0; done < got;) {
    const ssize_t put = send(to, buffer.data() + done, static_cast<std::size_t>(got - done), MSG_NOSIGNAL);
    if (put <= 0) return false;
    done += put;
  }
  return true;
}

void Wire::run() {
  while (!stop_) {
    if (frozen_) {
      poll(nullptr, 0, kTickMs);
      continue;
    }
    if (thawed_.exchange(false)) pairs_.clear();
    std::vector<pollfd> fds{{listener_.get(), POLLIN, 0}};
    for (const Pair& pair : pairs_) {
      fds.push_back({pair.client.get(), POLLIN, 0});
      fds.push_back({pair.server.get(), POLLIN, 0});
    }
    if (poll(fds.data(), fds.size(), kTickMs) <= 0 || frozen_) continue;
    for (std::size_t i = pairs_.size(); i-- > 0;) {
      const int client = pairs_[i].client.get();
      const int server = pairs_[i].server.get();
      const bool alive = (fds[1 + 2 * i].revents == 0 || forward(client, server)) &&
                         (fds[2 + 2 * i].revents == 0 || forward(server, client));
      if (!alive) pairs_.erase(pairs_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (fds[0].revents != 0) accept_one();
  }
}

}  // namespace sluice::test
