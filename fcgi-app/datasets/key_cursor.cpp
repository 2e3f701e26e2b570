// SPDX-License-Identifier: MIT
#include "fcgi-app/datasets/key_cursor.hpp"

#include <charconv>

#include "core/base/error.hpp"

namespace sluice::fcgi {

std::string key_text(const db::RowKey& key) {
  return std::to_string(key.import_id) + ":" + std::to_string(key.row_no);
}

db::RowKey key_of(const Page& page) {
  if (!page.after) return {};
  db::RowKey key;
  const char* end = page.after->data() + page.after->size();
  const auto first = std::from_chars(page.after->data(), end, key.import_id);
  if (first.ec == std::errc{} && first.ptr != end && *first.ptr == ':') {
    const auto second = std::from_chars(first.ptr + 1, end, key.row_no);
    if (second.ec == std::errc{} && second.ptr == end) return key;
  }
  throw Error(Kind::invalid, "http.cursor", "no key of a row");
}

}  // namespace sluice::fcgi
