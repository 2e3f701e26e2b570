// SPDX-License-Identifier: MIT
#include "fcgi-app/operation/live.hpp"

namespace sluice::fcgi::operation {

Response get_livez(Request&, const Actor&, Services& services) {
  return json_response(200, Json::object({{"live", true}, {"version", services.config.version}}));
}

}  // namespace sluice::fcgi::operation
