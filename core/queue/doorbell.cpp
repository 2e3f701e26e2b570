// SPDX-License-Identifier: MIT
#include "core/queue/doorbell.hpp"

#include <mutex>
#include <utility>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "core/queue/redis.hpp"

namespace sluice::queue {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kStream = "sluice:bell";
constexpr std::string_view kGroup = "runners";
constexpr std::string_view kMostEntries = "100000";
constexpr milliseconds kRingWithin{200};
constexpr milliseconds kAnswerWithin{1000};

}  // namespace

struct Doorbell::Impl {
  explicit Impl(const Config& config) : redis(config) {}
  std::mutex mutex;
  Redis redis;
  Backoff backoff;
  BootClock::time_point not_before{};

  /// Runs `work` unless Redis was away a moment ago; true when it went through.
  template <typename Work>
  bool reach(Work work) noexcept {
    try {
      const std::lock_guard lock(mutex);
      if (!redis.is_connected() && BootClock::now() < not_before) return false;
      try {
        work();
        backoff.reset();
        return true;
      } catch (const Error& error) {
        not_before = BootClock::now() + backoff.next();
        log_debug("Redis is away", {{"code", error.code()}, {"detail", error.detail()}});
        return false;
      }
    } catch (const std::exception& error) {
      log_warning("the doorbell failed", {{"detail", error.what()}});
      return false;
    }
  }
};

Doorbell::Doorbell(const Config& config) : impl_(std::make_unique<Impl>(config)) {}
Doorbell::~Doorbell() = default;

void Doorbell::ring(const Uid& job) noexcept {
  impl_->reach([&] {
    const Reply reply = impl_->redis.command(
        {"XADD", kStream, "MAXLEN", "~", kMostEntries, "*", "uid", job.text()}, kRingWithin);
    if (reply.type == Reply::Type::error) log_warning("Redis refused a ring", {{"detail", reply.text}});
  });
}

Doorbell::Health Doorbell::health() noexcept {
  Health health;
  health.answers = impl_->reach([&] {
    const Reply length = impl_->redis.command({"XLEN", kStream}, kRingWithin);
    if (length.type == Reply::Type::integer) health.waiting = static_cast<std::uint64_t>(length.integer);
    const Reply memory = impl_->redis.command({"INFO", "memory"}, kRingWithin);
    health.may_evict = memory.text.find("maxmemory_policy:noeviction") == std::string::npos;
  });
  return health;
}

struct BellListener::Impl {
  Impl(const Config& config, std::string name) : redis(config), consumer(std::move(name)) {}
  Redis redis;
  std::string consumer;
  bool has_group = false;
  std::string last_taken;  ///< the entry's id, "<ms>-<number>", until it is deleted

  /// True when the group was not there: whatever was rung before is lost.
  bool make_group() {
    const Reply reply = redis.command({"XGROUP", "CREATE", kStream, kGroup, "0", "MKSTREAM"}, kAnswerWithin);
    has_group = true;
    if (reply.type != Reply::Type::error) return true;
    if (!reply.text.starts_with("BUSYGROUP")) throw Error(Kind::unavailable, "redis.unavailable", reply.text);
    return false;
  }

  /// Reply of XREADGROUP: [[stream, [[id, [field, value]], …]]].
  std::size_t take(const Reply& reply) {
    std::size_t rings = 0;
    for (const Reply& stream : reply.items) {
      if (stream.items.size() != 2) continue;
      for (const Reply& entry : stream.items[1].items) {
        if (entry.items.empty()) continue;
        last_taken = entry.items[0].text;
        ++rings;
      }
    }
    return rings;
  }
};

BellListener::BellListener(const Config& config, std::string consumer)
    : impl_(std::make_unique<Impl>(config, std::move(consumer))) {}
BellListener::~BellListener() = default;

BellListener::Heard BellListener::wait(std::size_t most, milliseconds block, int stop_fd) {
  Heard heard;
  try {
    if (!impl_->redis.is_connected()) impl_->has_group = false;
    if (!impl_->has_group) heard.emptied = impl_->make_group();
    if (heard.emptied) return heard;
    const Reply reply =
        impl_->redis.command({"XREADGROUP", "GROUP", kGroup, impl_->consumer, "COUNT", std::to_string(most),
                              "BLOCK", std::to_string(block.count()), "NOACK", "STREAMS", kStream, ">"},
                             block + kAnswerWithin, stop_fd);
    if (reply.type == Reply::Type::error) {
      // NOGROUP, or UNBLOCKED when the stream went while we were waiting: FLUSHALL. Anything else is Redis'
      // trouble.
      if (!reply.text.starts_with("NOGROUP") && !reply.text.starts_with("UNBLOCKED"))
        throw Error(Kind::unavailable, "redis.unavailable", reply.text);
      impl_->make_group();
      heard.emptied = true;
      return heard;
    }
    heard.rings = impl_->take(reply);
  } catch (const Error& error) {
    log_debug("no doorbell to listen to", {{"code", error.code()}, {"detail", error.detail()}});
    heard.away = true;
  }
  return heard;
}

// Entries are given out in their order, so those before the last one taken have all been taken: by whoever
// died before he could delete them, too.
void BellListener::forget() noexcept {
  const std::string last = std::exchange(impl_->last_taken, {});
  const auto dash = last.find('-');
  if (dash == std::string::npos) return;
  try {
    const std::string next =
        last.substr(0, dash + 1) + std::to_string(std::stoull(last.substr(dash + 1)) + 1);
    impl_->redis.tell({"XTRIM", kStream, "MINID", next});
  } catch (const std::exception& error) {  // the next one who forgets deletes these as well
    log_debug("rings were not deleted", {{"detail", error.what()}});
  }
}

}  // namespace sluice::queue
