// SPDX-License-Identifier: MIT
// The query of an address: `limit=10&state=open` (application/x-www-form-urlencoded).
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::fcgi {

/// Names and values, decoded, in order. Error invalid `http.query` when badly coded or with NUL.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);

/// `known`: names with blanks between them. Error invalid `http.query` that names the first parameter which
/// is none of them.
void require_known_parameters(std::string_view query, std::string_view known);

}  // namespace sluice::fcgi
