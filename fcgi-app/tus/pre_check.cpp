// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/pre_check.hpp"

#include <ctime>

#include "core/base/error.hpp"
#include "core/storage/piece_file.hpp"
#include "fcgi-app/tus/create.hpp"
#include "fcgi-app/tus/headers.hpp"
#include "fcgi-app/tus/lookup.hpp"
#include "fcgi-app/tus/patch.hpp"

namespace sluice::fcgi::tus {
namespace {

/// An upload may not expire while nginx still collects its body.
constexpr std::uint64_t kPutOffWhenLeftS = 3600;

/// nginx would take the body into a file and answer 500 where it does not fit. The reserve may be used up:
/// what was created has its place.
void require_room_for_body(const Request& request, const Config& config) {
  constexpr std::uint64_t kNoReserve = 1;
  if (request.content_length &&
      storage::free_bytes(config.incoming_dir(), kNoReserve) < *request.content_length)
    throw Error(Kind::no_space, "upload.no_space",
                std::to_string(*request.content_length) + " bytes do not fit");
}

void check_patch(const Request& request, const Actor& actor, Services& services) {
  require_version(request);
  require_patch_content_type(request);
  const db::Upload upload = find_present(services, actor, request.uid());
  require_patchable(request, upload, services.config);
  require_room_for_body(request, services.config);
  if (upload.expires_unix != 0 &&
      upload.expires_unix < static_cast<std::uint64_t>(std::time(nullptr)) + kPutOffWhenLeftS)
    services.db([&](db::Connection& c) {
      db::put_off_expiry(c, upload.id, static_cast<std::uint64_t>(services.config.upload_ttl.count()));
    });
}

void check_creation(const Request& request, const Actor& actor, Services& services) {
  require_version(request);
  const Creation creation = parse_creation(request, services.config);
  // Without a body there is nothing to save: the request itself asks the database.
  if (creation.has_body)
    services.db([&](db::Connection& c) { require_admissible(c, actor, creation, services.config); });
}

}  // namespace

void pre_check(Request& request, const Actor& actor, Services& services) {
  if (request.path == "/upload") {
    if (request.method == Method::post) check_creation(request, actor, services);
  } else if (request.method == Method::patch && request.uids.size() == 1) {
    check_patch(request, actor, services);
  }
}

}  // namespace sluice::fcgi::tus
