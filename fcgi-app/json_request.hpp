// SPDX-License-Identifier: MIT
// The one reader of request JSON: each member is asked for by name, what nobody asked for is refused, and all
// faults are told at once with a pointer each.
//   JsonRequest in(request);
//   const std::string dataset = in.required_string("dataset", 200);
//   const std::string values = in.one_of("values", {"as_uploaded", "typed"});  // the first is the default
//   in.finish();                                                              // throws what was wrong
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.hpp"
#include "fcgi-app/http.hpp"
#include "fcgi-app/request_error.hpp"

namespace sluice::fcgi {

class JsonRequest {
 public:
  /// Reads the small body. Errors: unsupported `http.media_type` (a body that is not application/json),
  /// `json.*` and `http.too_large` of the reader, invalid `request.members` when it is no object. No body at
  /// all is `{}` when `may_be_empty`.
  explicit JsonRequest(const Request& request, bool may_be_empty = false);
  /// For an object inside another one, or for tests; `pointer` is what faults are named by ("#/columns/3").
  JsonRequest(Json object, std::string pointer);

  // null counts as absent. A fault is noted and some value returned; finish() throws.
  std::string required_string(std::string_view name, std::size_t most_bytes = 1000);
  std::optional<std::string> string(std::string_view name, std::size_t most_bytes = 1000);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most);
  /// One of the words; the first when absent.
  std::string one_of(std::string_view name, std::initializer_list<std::string_view> words);
  std::optional<std::vector<std::string>> strings(std::string_view name, std::size_t most_items = 5000);
  /// Any value, checked by the caller (see fault()).
  const Json* value(std::string_view name);

  /// Notes a fault of the caller's own finding: fault("from", "must be on or before to", "order").
  void fault(std::string_view member, std::string detail, std::string code);
  /// Refuses members nobody asked for; throws RequestError invalid `request.members` (or `code`) if anything
  /// was wrong.
  void finish(std::string_view code = "request.members");

 private:
  Json body_;
  std::string pointer_ = "#";
  std::set<std::string, std::less<>> asked_;
  std::vector<Fault> faults_;
};

}  // namespace sluice::fcgi
