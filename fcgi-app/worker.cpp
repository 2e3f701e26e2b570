// SPDX-License-Identifier: MIT
// One thread at a time waits for the next connection, under a mutex, together with the stop event; the others
// sleep, or take connections that are there already. Every thread polling by itself costs seven times as
// much. A blocking accept would never stop. Of all processes one is woken for a connection (EPOLLEXCLUSIVE),
// not each of them to find it taken.
#include "fcgi-app/worker.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "core/storage/folders.hpp"
#include "fcgi-app/connections.hpp"
#include "fcgi-app/dispatch.hpp"

namespace sluice::fcgi {
namespace {

// The sanitizers' frames are several times larger.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kStackFactor = 8;
#else
constexpr std::size_t kStackFactor = 1;
#endif
constexpr std::size_t kWebStack = 1024 * 1024 * kStackFactor;
constexpr std::size_t kStreamStack = 256 * 1024 * kStackFactor;

/// Interrupts a read that waits for a client; its handler does nothing, and the read ends with EINTR.
constexpr int kWakeSignal = SIGUSR2;

void install_wake_signal() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  ::sigaction(kWakeSignal, &action, nullptr);
}

/// What only read and went well is in nginx' log already.
LogLevel level_of(const Request& request, const Response& response, double took_ms) {
  constexpr double kSlowMs = 1000;
  const bool went_well = response.status < 400 && took_ms < kSlowMs;
  const bool quiet = request.is_pre_check || (is_safe(request.method) && went_well);
  return quiet ? LogLevel::debug : LogLevel::info;
}

/// Half of a process' threads: the others are for what is slow.
std::size_t places_of(const Config& config) {
  return std::max<std::size_t>(1, config.web_threads / 2);
}

/// A disk that is away is no reason to end: requests say so, and it may come back.
void prepare_folders(const Config& config) {
  try {
    for (const std::string& folder : {config.pieces_dir(), config.files_dir()})
      storage::make_durable_folder(config.data_dir, folder);
  } catch (const Error& error) {
    log_error("cannot prepare the folders", {{"code", error.code()}, {"detail", error.detail()}});
  }
}

}  // namespace

Pool::Pool(const Config& config, PoolKind kind, int listen_fd)
    : config_(config),
      kind_(kind),
      listen_fd_(listen_fd),
      stop_event_(::eventfd(0, EFD_CLOEXEC)),
      waiting_(::epoll_create1(EPOLL_CLOEXEC)),
      turnstile_(kind == PoolKind::web ? places_of(config) : Turnstile::kUnlimited),
      doorbell_(config),
      signals_(config),
      syncer_(config),
      requests_(config.run_dir) {
  const int flags = ::fcntl(listen_fd, F_GETFL);
  if (!stop_event_ || flags < 0 || ::fcntl(listen_fd, F_SETFL, flags | O_NONBLOCK) != 0)
    throw Error(Kind::internal, "fcgi.listen", "cannot prepare the listen socket");
  epoll_event connection{EPOLLIN | EPOLLEXCLUSIVE, {}}, stop{EPOLLIN, {}};
  if (!waiting_ || ::epoll_ctl(waiting_.get(), EPOLL_CTL_ADD, listen_fd, &connection) != 0 ||
      ::epoll_ctl(waiting_.get(), EPOLL_CTL_ADD, stop_event_.get(), &stop) != 0)
    throw Error(Kind::internal, "fcgi.listen", "cannot wait for connections");
  if (kind == PoolKind::stream)
    shared_connections_ = std::make_unique<SharedConnections>(config, config.stream_connections);
  install_wake_signal();
}

Pool::~Pool() {
  stop();
}

void Pool::start() {
  prepare_folders(config_);
  syncer_.start();
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ::pthread_attr_setstacksize(&attributes, kind_ == PoolKind::web ? kWebStack : kStreamStack);
  const std::uint32_t count = kind_ == PoolKind::web ? config_.web_threads : config_.stream_threads;
  for (std::uint32_t i = 0; i < count; ++i) {
    pthread_t thread{};
    const auto main = [](void* self) -> void* {
      Pool& pool = *static_cast<Pool*>(self);
      try {
        pool.run();
      } catch (const std::exception& error) {
        log_error("a thread ended", {{"detail", error.what()}});
      }
      --pool.running_;
      return nullptr;
    };
    ++running_;
    if (::pthread_create(&thread, &attributes, main, this) != 0) {
      --running_;
      ::pthread_attr_destroy(&attributes);
      throw Error(Kind::internal, "fcgi.thread", "cannot start a thread");
    }
    threads_.push_back(thread);
  }
  ::pthread_attr_destroy(&attributes);
}

void Pool::stop() {
  stopping_ = true;
  ::eventfd_write(stop_event_.get(), 1);
  // A wake-up may come just before the read it is meant for, so it is given again until all have ended.
  while (running_ > 0) {
    if (kind_ == PoolKind::stream)
      for (const pthread_t thread : threads_) ::pthread_kill(thread, kWakeSignal);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  for (const pthread_t thread : threads_) ::pthread_join(thread, nullptr);
  threads_.clear();
  syncer_.stop();
}

void Pool::run() {
  const db::ThreadScope database_library;
  FcgiRequest request(listen_fd_);
  ThreadConnection own_connection(config_);
  Services services{config_,
                    shared_connections_ ? *shared_connections_ : own_connection,
                    doorbell_,
                    signals_,
                    syncer_,
                    requests_,
                    kind_ == PoolKind::web};
  while (!stopping_) {
    std::optional<Turnstile::Place> place;
    if (!accept(request, place)) continue;
    // As long as connections are there already nobody has to be waited for, nor to be woken to wait.
    do serve(request, services);
    while (!stopping_ && place->pass_on() && request.accept() == 0);
  }
}

bool Pool::accept(FcgiRequest& request, std::optional<Turnstile::Place>& place) {
  const std::lock_guard lock(accepting_);
  turnstile_.wait();
  epoll_event event{};
  if (::epoll_wait(waiting_.get(), &event, 1, -1) < 0 || stopping_) return false;
  const int problem = request.accept();
  if (problem == EMFILE || problem == ENFILE || problem == ENOMEM) {
    // The socket stays readable: without a pause this would spin.
    log_error("cannot accept", {{"errno", problem}});
    pollfd stop{stop_event_.get(), POLLIN, 0};
    ::poll(&stop, 1, 100);
  }
  if (problem == 0) place.emplace(turnstile_);
  return problem == 0;
}

void Pool::serve(FcgiRequest& raw, Services& services) {
  const auto begun = BootClock::now();
  FcgiExchange exchange(raw, stopping_);
  Request request;
  Response response;
  try {
    request = exchange.parse(config_.incoming_dir());
    response = dispatch(request, services);
  } catch (const Error& error) {
    response = refuse(error, request);
  }
  exchange.answer(response, request.method == Method::head);
  const auto took = std::chrono::duration<double, std::milli>(BootClock::now() - begun).count();
  if (!request.is_pre_check) requests_.observe(request.path, request.method, response.status, took / 1000);
  log(level_of(request, response, took), "request",
      {{"req", request.request_id},
       {"method", name_of(request.method)},
       {"path", request.path},
       {"status", response.status},
       {"dur_ms", took}});
}

}  // namespace sluice::fcgi
