// SPDX-License-Identifier: MIT
// For Docker's and other watchdogs' checks.
#include <cstdio>
#include <cstdlib>

#include "ctl/commands.hpp"
#include "ctl/local_exchange.hpp"

namespace sluice::ctl {

int health(const std::string& port, bool ready) {
  constexpr std::chrono::seconds kPatience{5};
  const std::string request = std::string("GET ") + (ready ? "/readyz" : "/livez") +
                              " HTTP/1.0\r\nHost: localhost\r\nAccept: application/json\r\n\r\n";
  const Answer answer =
      exchange_with_port(static_cast<std::uint16_t>(std::atoi(port.c_str())), request, kPatience);
  std::printf("%s\n", answer.body.c_str());
  return answer.status == 200 ? 0 : 1;
}

}  // namespace sluice::ctl
