// SPDX-License-Identifier: MIT
#include "ctl/local_exchange.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <cstdlib>
#include <cstring>

#include "core/base/error.hpp"
#include "core/base/unique_fd.hpp"

namespace sluice::ctl {
namespace {

[[noreturn]] void fail(const char* what) {
  throw Error(Kind::unavailable, "ctl.unreachable", what);
}

UniqueFd connect_to(const sockaddr* address, socklen_t length, std::chrono::seconds patience) {
  UniqueFd fd(socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd) fail("no socket");
  const timeval within{patience.count(), 0};
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &within, sizeof within);
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &within, sizeof within);
  if (connect(fd.get(), address, length) != 0) fail("nobody listens");
  return fd;
}

Answer exchange(const UniqueFd& fd, const std::string& request) {
  if (send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
    fail("not sent");
  std::string text;
  char buffer[16384];
  for (;;) {
    const ssize_t got = recv(fd.get(), buffer, sizeof buffer, 0);
    if (got < 0) fail("no answer in time");
    if (got == 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  const auto head = text.find("\r\n\r\n");
  if (head == std::string::npos) fail("no answer");
  constexpr std::size_t kStatusAt = 9;  // after "HTTP/1.1 "
  return {std::atoi(text.c_str() + kStatusAt), text.substr(head + 4)};
}

}  // namespace

Answer exchange_with_port(std::uint16_t port, const std::string& request, std::chrono::seconds patience) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return exchange(connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address, patience), request);
}

Answer exchange_with_socket(const std::string& path, const std::string& request,
                            std::chrono::seconds patience) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) fail("the socket's path is too long");
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return exchange(connect_to(reinterpret_cast<const sockaddr*>(&address), sizeof address, patience), request);
}

}  // namespace sluice::ctl
