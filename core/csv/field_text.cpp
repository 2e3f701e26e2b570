// SPDX-License-Identifier: MIT
#include "core/csv/field_text.hpp"

#include "core/base/utf8.hpp"
#include "core/csv/encoding.hpp"

namespace sluice::csv {

namespace {

// What one long record needed is not kept for the short ones that follow.
constexpr std::size_t kKept = 1 << 20;

void empty(std::string& text) {
  if (text.capacity() > kKept) {
    text = {};
  } else {
    text.clear();
  }
}

}  // namespace

std::size_t FieldText::resolve(std::string_view record, std::vector<Field>& fields,
                               const std::vector<std::uint32_t>& escaped) {
  const bool ascii = is_ascii(record);
  const bool transcode = !ascii && encoding_ == Encoding::windows1252;
  if (!ascii && !transcode) {
    const std::size_t good = valid_utf8_prefix(record);
    if (good < record.size()) return good;
  }
  if (!escaped.empty()) unescaped_.reserve(record.size());  // so that views stay good: it never grows
  for (const std::uint32_t i : escaped) {
    const std::size_t start = unescaped_.size();
    parser_.unescape(fields[i].text, unescaped_);
    fields[i].text = std::string_view{unescaped_}.substr(start);
  }
  if (!transcode) return record.size();
  transcoded_.reserve(3 * record.size());
  for (Field& field : fields) {
    if (is_ascii(field.text)) continue;
    const std::size_t start = transcoded_.size();
    append_windows1252(field.text, transcoded_);
    field.text = std::string_view{transcoded_}.substr(start);
  }
  return record.size();
}

std::string_view FieldText::raw(std::string_view record) {
  raw_.clear();
  if (encoding_ == Encoding::windows1252) {
    append_windows1252(record.substr(0, kRawBytesKept), raw_);
  } else {
    raw_ = sanitize_utf8(utf8_prefix(record, kRawBytesKept));
  }
  return utf8_prefix(raw_, kRawBytesKept);
}

void FieldText::clear() {
  empty(unescaped_);
  empty(transcoded_);
}

}  // namespace sluice::csv
