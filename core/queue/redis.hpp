// SPDX-License-Identifier: MIT
// Redis: one connection, connected when it is first needed, for one thread at a time. hiredis stays inside
// redis.cpp.
#pragma once
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/config.hpp"

namespace sluice::queue {

struct Reply {
  enum class Type { text, integer, nil, array, error };
  Type type = Type::nil;
  std::string text;  ///< of text and error
  std::int64_t integer = 0;
  std::vector<Reply> items;
};

/// After any error of the connection (a timeout is one) the context is thrown away and the next command
/// connects anew.
class Redis {
 public:
  explicit Redis(const Config& config);
  ~Redis();
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  /// Sends a command and waits for its reply, at most `within`, connecting first if need be. An error reply
  /// is returned, not thrown. Throws Error unavailable `redis.unavailable`. When `stop_fd` becomes readable
  /// the wait ends at once: the connection is closed (the reply would come later) and a nil reply is
  /// returned.
  Reply command(std::initializer_list<std::string_view> words, std::chrono::milliseconds within,
                int stop_fd = -1);

  /// Sends a command without waiting: its reply is dropped when it comes, before that of the next command.
  /// Throws Error unavailable `redis.unavailable`.
  void tell(std::initializer_list<std::string_view> words);

  /// The next message of a subscription; nothing after `within` or when `stop_fd` becomes readable; the
  /// connection stays. Throws Error unavailable `redis.unavailable`.
  std::optional<Reply> next_message(std::chrono::milliseconds within, int stop_fd = -1);

  bool is_connected() const;
  void disconnect();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Waits between attempts to reach Redis: 50 ms, doubled up to 2 s, with jitter. For one thread.
class Backoff {
 public:
  /// How long to wait after one more failure.
  std::chrono::milliseconds next();
  void reset() { failures_ = 0; }

 private:
  int failures_ = 0;
};

}  // namespace sluice::queue
