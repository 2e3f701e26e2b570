// SPDX-License-Identifier: MIT
// hiredis 0.14 (Debian 12): RESP2, no options struct. Its own timeouts kill the context, so we wait with poll
// ourselves and read only what is there.
#include "core/queue/redis.hpp"

#include <hiredis/hiredis.h>
#include <poll.h>

#include <algorithm>
#include <random>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "core/base/releaser.hpp"

namespace sluice::queue {
namespace {

using std::chrono::milliseconds;
using ReplyHandle = std::unique_ptr<redisReply, Releaser<freeReplyObject>>;

constexpr milliseconds kConnectWithin{300};
constexpr milliseconds kAuthWithin{500};

timeval timeval_of(milliseconds time) {
  return {time.count() / 1000, (time.count() % 1000) * 1000};
}

[[noreturn]] void raise(std::string detail) {
  throw Error(Kind::unavailable, "redis.unavailable", std::move(detail));
}

Reply reply_of(const redisReply& from) {
  Reply reply;
  switch (from.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
    case REDIS_REPLY_ERROR:
      reply.type = from.type == REDIS_REPLY_ERROR ? Reply::Type::error : Reply::Type::text;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_INTEGER:
      reply.type = Reply::Type::integer;
      reply.integer = from.integer;
      break;
    case REDIS_REPLY_ARRAY:
      reply.type = Reply::Type::array;
      for (std::size_t i = 0; i < from.elements; ++i) reply.items.push_back(reply_of(*from.element[i]));
      break;
    default:
      break;
  }
  return reply;
}

/// redis://host:port or unix:///path
struct Address {
  std::string path;
  std::string host;
  int port = 6379;
};

Address parse_address(const std::string& url) {
  constexpr std::string_view kUnix = "unix://";
  constexpr std::string_view kTcp = "redis://";
  Address address;
  if (url.starts_with(kUnix)) {
    address.path = url.substr(kUnix.size());
  } else if (url.starts_with(kTcp)) {
    address.host = url.substr(kTcp.size());
    if (const auto colon = address.host.rfind(':'); colon != std::string::npos) {
      address.port = std::atoi(address.host.c_str() + colon + 1);
      address.host.resize(colon);
    }
  } else {
    throw Error(Kind::invalid, "config.invalid", "SLUICE_REDIS_URL takes redis://host:port or unix:///path");
  }
  return address;
}

}  // namespace

struct Redis::Impl {
  Address address;
  DatabaseUser user;
  std::unique_ptr<redisContext, Releaser<redisFree>> context;
  std::size_t unread = 0;  ///< replies still to come that nobody waits for

  void check(int status) {
    if (status == REDIS_OK && context->err == 0) return;
    const std::string detail = context->errstr;
    context.reset();
    raise(detail);
  }

  void connect();
  void send(std::initializer_list<std::string_view> words);
  /// The next reply; nothing when the time is over or the stop came.
  std::optional<Reply> receive(milliseconds within, int stop_fd);
};

void Redis::Impl::connect() {
  unread = 0;
  const timeval within = timeval_of(kConnectWithin);
  context.reset(address.path.empty() ? redisConnectWithTimeout(address.host.c_str(), address.port, within)
                                     : redisConnectUnixWithTimeout(address.path.c_str(), within));
  if (!context) raise("no memory for a context");
  check(REDIS_OK);
  check(redisSetTimeout(context.get(), timeval_of(kAuthWithin)));  // for writes: reads wait in poll
  if (user.password.empty()) return;
  if (user.user.empty()) {
    send({"AUTH", user.password});
  } else {
    send({"AUTH", user.user, user.password});
  }
  const auto reply = receive(kAuthWithin, -1);
  if (!reply || reply->type == Reply::Type::error) {
    context.reset();
    raise(reply ? reply->text : "no answer to AUTH");
  }
}

void Redis::Impl::send(std::initializer_list<std::string_view> words) {
  std::vector<const char*> texts;
  std::vector<std::size_t> lengths;
  for (const std::string_view word : words) {
    texts.push_back(word.data());
    lengths.push_back(word.size());
  }
  check(redisAppendCommandArgv(context.get(), static_cast<int>(words.size()), texts.data(), lengths.data()));
  for (int done = 0; done == 0;) check(redisBufferWrite(context.get(), &done));
}

std::optional<Reply> Redis::Impl::receive(milliseconds within, int stop_fd) {
  const auto deadline = BootClock::now() + within;
  for (;;) {
    void* raw = nullptr;
    if (redisReaderGetReply(context->reader, &raw) != REDIS_OK) {
      context.reset();
      raise("a reply that is no RESP2");
    }
    if (raw != nullptr) return reply_of(*ReplyHandle(static_cast<redisReply*>(raw)));

    const auto left = std::chrono::ceil<milliseconds>(deadline - BootClock::now());
    if (left.count() <= 0) return std::nullopt;
    pollfd fds[] = {{context->fd, POLLIN, 0}, {stop_fd, POLLIN, 0}};
    const int ready = poll(fds, stop_fd >= 0 ? 2 : 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) raise("poll failed");
    if (ready > 0 && fds[1].revents != 0) return std::nullopt;
    if (ready > 0 && fds[0].revents != 0) check(redisBufferRead(context.get()));
  }
}

Redis::Redis(const Config& config) : impl_(std::make_unique<Impl>()) {
  impl_->address = parse_address(config.redis_url);
  impl_->user = config.redis;
}
Redis::~Redis() = default;

Reply Redis::command(std::initializer_list<std::string_view> words, milliseconds within, int stop_fd) {
  if (!impl_->context) impl_->connect();
  impl_->send(words);
  auto reply = impl_->receive(within, stop_fd);
  for (; reply && impl_->unread > 0; --impl_->unread) reply = impl_->receive(within, stop_fd);
  if (reply) return std::move(*reply);
  impl_->context.reset();
  pollfd stop{stop_fd, POLLIN, 0};
  if (stop_fd >= 0 && poll(&stop, 1, 0) > 0) return {};
  raise("no reply in time");
}

void Redis::tell(std::initializer_list<std::string_view> words) {
  if (!impl_->context) impl_->connect();
  impl_->send(words);
  ++impl_->unread;
}

std::optional<Reply> Redis::next_message(milliseconds within, int stop_fd) {
  if (!impl_->context) raise("not connected");
  return impl_->receive(within, stop_fd);
}

bool Redis::is_connected() const {
  return impl_->context != nullptr;
}
void Redis::disconnect() {
  impl_->context.reset();
}

milliseconds Backoff::next() {
  constexpr int kFirstMs = 50;
  constexpr int kMostMs = 2000;
  constexpr int kMostDoublings = 6;
  thread_local std::minstd_rand random{std::random_device{}()};
  const int most = std::min(kMostMs, kFirstMs << std::min(failures_, kMostDoublings));
  ++failures_;
  return milliseconds{std::uniform_int_distribution<int>(most / 2, most)(random)};
}

}  // namespace sluice::queue
