// SPDX-License-Identifier: MIT
// Options tried out in the query of a preview: "what if the delimiter were ;".
#pragma once
#include <optional>

#include "core/base/json.hpp"
#include "fcgi-app/http.hpp"

namespace sluice::fcgi::uploads {

/// `base` with delimiter, quote, escape, encoding, types, header (true, false or a number of rows) and
/// skip_lines of the query in place of its own; nothing when the query has none of them. Their values are
/// checked by import_options_from().
std::optional<Json> trial_options(const Request& request, const Json& base);

}  // namespace sluice::fcgi::uploads
