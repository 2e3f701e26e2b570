// SPDX-License-Identifier: MIT
// The name of a file that comes as a body.
#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "fcgi-app/http.hpp"

namespace sluice::fcgi {

/// Content-Disposition's filename* (RFC 8187, UTF-8) or filename, without folders, at most 255 characters;
/// nothing when there is none or it is no text.
std::optional<std::string> file_name_of(const Request& request);
std::optional<std::string> file_name_in(std::string_view content_disposition);

}  // namespace sluice::fcgi
