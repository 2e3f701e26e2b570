// SPDX-License-Identifier: MIT
// One request over HTTP/1.0, for Docker's and other watchdogs' checks: no client library for a status line.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "core/base/error.hpp"
#include "core/base/unique_fd.hpp"
#include "ctl/commands.hpp"

namespace sluice::ctl {
namespace {

constexpr int kSeconds = 5;

[[noreturn]] void fail(const char* what) {
  throw Error(Kind::unavailable, "health.unreachable", what);
}

UniqueFd connect_to(const std::string& port) {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) fail("no socket");
  const timeval within{kSeconds, 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &within, sizeof within);
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &within, sizeof within);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port.c_str())));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("nobody listens");
  return fd;
}

}  // namespace

int health(const std::string& port, bool ready) {
  const UniqueFd fd = connect_to(port);
  const std::string request = std::string("GET ") + (ready ? "/readyz" : "/livez") +
                              " HTTP/1.0\r\nHost: localhost\r\nAccept: application/json\r\n\r\n";
  if (send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    fail("not sent");
  std::string answer;
  char buffer[4096];
  for (;;) {
    const ssize_t got = recv(fd.get(), buffer, sizeof buffer, 0);
    if (got < 0) fail("no answer in time");
    if (got == 0) break;
    answer.append(buffer, static_cast<std::size_t>(got));
  }
  const auto body = answer.find("\r\n\r\n");
  if (body != std::string::npos) std::printf("%s\n", answer.c_str() + body + 4);
  constexpr std::size_t kStatusAt = 9;  // after "HTTP/1.1 "
  return answer.compare(kStatusAt, 3, "200") == 0 ? 0 : 1;
}

}  // namespace sluice::ctl
