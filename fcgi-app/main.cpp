// SPDX-License-Identifier: MIT
// sluice-fcgi --pool web|stream: answers FastCGI requests of the socket that supervisord passes as descriptor
// 0.
#include <signal.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstring>

#include "core/base/config.hpp"
#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "fcgi-app/fcgi_request.hpp"
#include "fcgi-app/gate.hpp"
#include "fcgi-app/operation/setting_info.hpp"
#include "fcgi-app/worker.hpp"

namespace {

constexpr int kBadSettings = 78;  // EX_CONFIG: supervisord need not try again
constexpr int kListenFd = 0;

/// Blocked before the first thread and before the library, which would catch SIGTERM and then fail to accept
/// for ever.
sigset_t block_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) ::sigaddset(&set, signal);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return set;
}

bool is_listening(int fd) {
  int listening = 0;
  socklen_t length = sizeof listening;
  return ::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length) == 0 && listening != 0;
}

int serve(sluice::fcgi::PoolKind kind, const char* service) {
  const sigset_t signals = block_signals();
  const sluice::Config config = sluice::load_config_for(service);
  sluice::fcgi::operation::setting_info();  // now: the files of secrets may be others later
  sluice::fcgi::require_safe_publishing(config);
  if (!is_listening(kListenFd))
    throw sluice::Error(sluice::Kind::invalid, "config.invalid",
                        "descriptor 0 is no listening socket: start this as an fcgi-program of supervisord");
  sluice::fcgi::init_library();
  sluice::fcgi::Pool pool(config, kind, kListenFd);
  pool.start();
  sluice::log_info("ready");
  int signal = 0;
  ::sigwait(&signals, &signal);
  sluice::log_info("stopping", {{"signal", signal}});
  pool.stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const char* pool = argc == 3 && std::strcmp(argv[1], "--pool") == 0 ? argv[2] : "";
  const bool web = std::strcmp(pool, "web") == 0;
  if (!web && std::strcmp(pool, "stream") != 0) {
    std::fputs("usage: sluice-fcgi --pool web|stream\n", stderr);
    return kBadSettings;
  }
  try {
    return serve(web ? sluice::fcgi::PoolKind::web : sluice::fcgi::PoolKind::stream, pool);
  } catch (const sluice::Error& error) {
    sluice::log_error("cannot start", {{"code", error.code()}, {"detail", error.detail()}});
    return error.kind() == sluice::Kind::invalid ? kBadSettings : 1;
  }
}
