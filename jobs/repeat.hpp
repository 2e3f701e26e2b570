// SPDX-License-Identifier: MIT
// The loop of a watching thread; included by shared.hpp.
#pragma once
#include <optional>

#include "core/base/log.hpp"

namespace sluice::jobs {

template <typename Turn>
void repeat(db::ConnectionOptions options, const StopSignal& until, std::chrono::milliseconds every,
            const char* what, Turn turn) {
  const db::ThreadScope thread;
  std::optional<db::Connection> connection;
  bool complained = false;
  do {
    try {
      if (!connection) connection.emplace(options);
      connection->ensure();
      turn(*connection);
      complained = false;
    } catch (const Error& error) {
      if (!complained)
        log_warning("a watching thread could not do its turn",
                    {{"thread", what}, {"code", error.code()}, {"detail", error.detail()}});
      complained = true;
    } catch (const std::exception& error) {
      log_error("a watching thread met a defect", {{"thread", what}, {"detail", error.what()}});
    }
  } while (!until.wait_for(every));
}

}  // namespace sluice::jobs
