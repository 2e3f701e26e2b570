// SPDX-License-Identifier: MIT
// Which jobs a list shows: ?state=running,paused&kind=import&dataset=sales, and where its next page begins.
#pragma once
#include <cstdint>
#include <optional>

#include "core/db/job_table.hpp"
#include "fcgi-app/http.hpp"

namespace sluice::fcgi {

/// `state`, `kind` (several with commas) and `dataset` (a uid or a name) of the query. Errors:
/// `request.members` for a word that is none, not_found `dataset.not_found`.
db::JobFilter job_filter_of(const Request& request, const Actor& actor, db::Connection& connection);

/// The same for lists of one kind: what `kind` says is not looked at.
db::JobFilter job_filter_of(const Request& request, const Actor& actor, db::Connection& connection,
                            job::JobKind kind);

/// The number that make_cursor was given. Error invalid `http.cursor` when it is none.
std::optional<std::uint64_t> number_in_cursor(const Page& page);

}  // namespace sluice::fcgi
