// SPDX-License-Identifier: MIT
// The one place that turns kinds and codes into statuses, and an Error into application/problem+json (RFC
// 9457).
#pragma once
#include <span>
#include <string_view>

#include "core/base/error.hpp"
#include "fcgi-app/http.hpp"

namespace sluice::fcgi {

/// A code with a status of its own, a title and the sentence that says what to do.
struct Problem {
  std::string_view code;
  int status;
  std::string_view title;
  std::string_view advice;
};
std::span<const Problem> known_problems();

/// By the table, else by the kind.
int status_of(const Error& error);

/// Body with code, title, status, detail (the error's advice, else the code's sentence), instance,
/// request_id, and `errors` of a RequestError. Retry-After with what passes by itself. Never detail() or
/// what().
Response error_response(const Error& error, const Request& request);

}  // namespace sluice::fcgi
