// SPDX-License-Identifier: MIT
// The upload that a request is about.
#pragma once
#include "core/base/actor.hpp"
#include "core/db/upload_table.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi::tus {

/// Errors: not_found `upload.not_found`, gone `upload.gone`, `upload.expired`.
db::Upload find_living(db::Connection& connection, const Actor& actor, const Uid& uid);

/// An open upload of before a restart of the machine is set back to what was durable then, and read again;
/// any other comes back as it is. Nothing when it is gone meanwhile.
std::optional<db::Upload> after_restart(db::Connection& connection, const Actor& actor, db::Upload upload,
                                        const Config& config);

/// find_living, and after_restart.
db::Upload find_present(Services& services, const Actor& actor, const Uid& uid);

}  // namespace sluice::fcgi::tus
