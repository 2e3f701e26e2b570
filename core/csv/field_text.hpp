// SPDX-License-Identifier: MIT
// The raw fields of one record turned into what they say: UTF-8, without escapes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/csv/dialect.hpp"
#include "core/csv/record.hpp"
#include "core/csv/record_parser.hpp"

namespace sluice::csv {

class FieldText {
 public:
  // `parser` must outlive this.
  FieldText(const RecordParser& parser, Encoding encoding) : parser_{parser}, encoding_{encoding} {}

  // `fields` lie in `record`; those listed in `escaped` hold escapes. Afterwards they may point in here,
  // until clear(). Returns record.size(), or where the record stops being valid UTF-8; then the fields are as
  // they were.
  std::size_t resolve(std::string_view record, std::vector<Field>& fields,
                      const std::vector<std::uint32_t>& escaped);
  // The start of a record as it stands in the file, at most kRawBytesKept bytes of valid UTF-8; holds until
  // clear().
  std::string_view raw(std::string_view record);
  void clear();

 private:
  const RecordParser& parser_;
  Encoding encoding_;
  std::string unescaped_;
  std::string transcoded_;
  std::string raw_;
};

}  // namespace sluice::csv
