// SPDX-License-Identifier: MIT
#include "core/queue/signals.hpp"

#include <poll.h>

#include <algorithm>
#include <charconv>
#include <mutex>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "core/queue/redis.hpp"

namespace sluice::queue {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kChannel = "sluice:control";
constexpr milliseconds kPublishWithin{200};
constexpr milliseconds kSubscribeWithin{1000};
constexpr std::size_t kUidLength = 36;

}  // namespace

struct Signals::Impl {
  explicit Impl(const Config& config) : redis(config) {}
  std::mutex mutex;
  Redis redis;
  Backoff backoff;
  BootClock::time_point not_before{};
};

Signals::Signals(const Config& config) : impl_(std::make_unique<Impl>(config)) {}
Signals::~Signals() = default;

void Signals::publish(const Uid& job, job::Want want, std::uint32_t want_seq) noexcept {
  try {
    const std::lock_guard lock(impl_->mutex);
    if (!impl_->redis.is_connected() && BootClock::now() < impl_->not_before) return;
    try {
      const Reply reply =
          impl_->redis.command({"PUBLISH", kChannel, signal_text({job, want, want_seq})}, kPublishWithin);
      if (reply.type == Reply::Type::error) log_warning("Redis refused a signal", {{"detail", reply.text}});
      impl_->backoff.reset();
    } catch (const Error& error) {
      impl_->not_before = BootClock::now() + impl_->backoff.next();
      log_debug("Redis is away", {{"code", error.code()}, {"detail", error.detail()}});
    }
  } catch (const std::exception& error) {
    log_warning("a signal was not sent", {{"detail", error.what()}});
  }
}

std::string signal_text(const Signal& signal) {
  return signal.job.text() + " " + std::string(job::name_of(signal.want)) + " " +
         std::to_string(signal.want_seq);
}

std::optional<Signal> parse_signal(std::string_view text) {
  const auto uid = Uid::parse(text.substr(0, kUidLength));
  if (!uid || text.size() < kUidLength + 1 || text[kUidLength] != ' ') return std::nullopt;
  text.remove_prefix(kUidLength + 1);
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  const auto want = job::parse_want(text.substr(0, space));
  if (!want) return std::nullopt;
  std::uint32_t sequence = 0;
  const auto [end, problem] = std::from_chars(text.data() + space + 1, text.data() + text.size(), sequence);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return Signal{*uid, *want, sequence};
}

struct SignalListener::Impl {
  explicit Impl(const Config& config) : redis(config) {}
  Redis redis;
  Backoff backoff;
};

SignalListener::SignalListener(const Config& config) : impl_(std::make_unique<Impl>(config)) {}
SignalListener::~SignalListener() = default;

bool SignalListener::is_deaf() const {
  return !impl_->redis.is_connected();
}

std::optional<Signal> SignalListener::next(milliseconds within, int stop_fd) {
  const auto deadline = BootClock::now() + within;
  try {
    if (!impl_->redis.is_connected()) {
      const Reply reply = impl_->redis.command({"SUBSCRIBE", kChannel}, kSubscribeWithin, stop_fd);
      if (reply.type == Reply::Type::error) throw Error(Kind::unavailable, "redis.unavailable", reply.text);
      impl_->backoff.reset();
    }
    for (;;) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - BootClock::now());
      const auto message = impl_->redis.next_message(std::max(left, milliseconds{0}), stop_fd);
      if (!message) return std::nullopt;
      if (message->items.size() == 3 && message->items[0].text == "message")
        if (const auto signal = parse_signal(message->items[2].text)) return signal;
    }
  } catch (const Error& error) {
    log_debug("no signals to listen to", {{"code", error.code()}, {"detail", error.detail()}});
    impl_->redis.disconnect();
    pollfd stop{stop_fd, POLLIN, 0};
    poll(&stop, stop_fd >= 0 ? 1 : 0, static_cast<int>(std::min(impl_->backoff.next(), within).count()));
    return std::nullopt;
  }
}

}  // namespace sluice::queue
