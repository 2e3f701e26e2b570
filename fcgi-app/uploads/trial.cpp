// SPDX-License-Identifier: MIT
#include "fcgi-app/uploads/trial.hpp"

#include <charconv>

namespace sluice::fcgi::uploads {
namespace {

/// A number, true or false where the text is one; else the text, which the options' own check then refuses.
Json value_of(const std::string& text) {
  if (text == "true" || text == "false") return Json(text == "true");
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? Json(number) : Json(text);
}

}  // namespace

std::optional<Json> trial_options(const Request& request, const Json& base) {
  Json options = base;
  bool any = false;
  for (const std::string_view name : {"delimiter", "quote", "escape", "encoding", "types"}) {
    const auto text = request.query_parameter(name);
    if (!text) continue;
    options.set(name, *text);
    any = true;
  }
  for (const std::string_view name : {"header", "skip_lines"}) {
    const auto text = request.query_parameter(name);
    if (!text) continue;
    options.set(name, value_of(*text));
    any = true;
  }
  return any ? std::optional(std::move(options)) : std::nullopt;
}

}  // namespace sluice::fcgi::uploads
