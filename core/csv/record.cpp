// SPDX-License-Identifier: MIT
#include "core/csv/record.hpp"

namespace sluice::csv {

std::string_view to_string(RejectCode code) {
  static constexpr std::string_view kNames[kRejectCodes] = {
      "too_few_fields", "too_many_fields", "unclosed_quote", "stray_quote", "bad_encoding",
      "bad_type",       "out_of_range",    "duplicate_key",  "too_long",    "footer"};
  return kNames[static_cast<std::size_t>(code)];
}

std::string_view to_string(SkipReason reason) {
  static constexpr std::string_view kNames[kSkipReasons] = {"preamble", "header", "blank", "second_table",
                                                            "comment"};
  return kNames[static_cast<std::size_t>(reason)];
}

std::string_view to_string(Repair repair) {
  static constexpr std::string_view kNames[] = {"none", "padded", "surplus_empty", "literal_quote"};
  return kNames[static_cast<std::size_t>(repair)];
}

}  // namespace sluice::csv
