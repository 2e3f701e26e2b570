// SPDX-License-Identifier: MIT
#include "core/csv/dialect.hpp"

#include "core/csv/token_text.hpp"

namespace sluice::csv {

std::string_view to_string(Encoding encoding) {
  static constexpr std::string_view kNames[] = {"utf-8", "utf-16le", "utf-16be", "windows-1252"};
  return kNames[static_cast<std::size_t>(encoding)];
}

std::string_view to_string(RecordEnd record_end) {
  static constexpr std::string_view kNames[] = {"lf", "crlf", "cr", "mixed"};
  return kNames[static_cast<std::size_t>(record_end)];
}

std::optional<Encoding> encoding_from(std::string_view name) {
  for (const Encoding e : {Encoding::utf8, Encoding::utf16le, Encoding::utf16be, Encoding::windows1252}) {
    if (to_string(e) == name) return e;
  }
  return std::nullopt;
}

std::string encode(const Dialect& dialect) {
  TokenWriter out;
  out.text("d", dialect.delimiter);
  out.text("q", dialect.quote == 0 ? std::string_view{} : std::string_view{&dialect.quote, 1});
  out.text("x", dialect.escape == 0 ? std::string_view{} : std::string_view{&dialect.escape, 1});
  out.text("c", dialect.comment == 0 ? std::string_view{} : std::string_view{&dialect.comment, 1});
  out.text("end", to_string(dialect.record_end));
  out.text("enc", to_string(dialect.encoding));
  out.number("bom", dialect.bom_bytes);
  out.number("pre", dialect.preamble_lines);
  out.number("head", dialect.header_rows);
  out.number("w", dialect.width);
  out.text("short", dialect.short_records == ShortRecords::pad ? "pad" : "reject");
  if (dialect.footer_offset != Dialect::kNowhere) out.number("foot", dialect.footer_offset);
  if (dialect.second_table_offset != Dialect::kNowhere) out.number("second", dialect.second_table_offset);
  return out.take();
}

std::optional<Dialect> decode_dialect(std::string_view text) {
  Dialect dialect;
  TokenReader in{text};
  const auto character = [](const std::string& value) { return value.empty() ? '\0' : value[0]; };
  while (const auto token = in.next()) {
    const auto& [key, value] = *token;
    const std::uint64_t number = TokenReader::number(value);
    if (key == "d") {
      dialect.delimiter = value;
    } else if (key == "q") {
      dialect.quote = character(value);
    } else if (key == "x") {
      dialect.escape = character(value);
    } else if (key == "c") {
      dialect.comment = character(value);
    } else if (key == "end") {
      bool known = false;
      for (const RecordEnd e : {RecordEnd::lf, RecordEnd::crlf, RecordEnd::cr, RecordEnd::mixed}) {
        if (to_string(e) == value) {
          dialect.record_end = e;
          known = true;
        }
      }
      if (!known) return std::nullopt;
    } else if (key == "enc") {
      const auto encoding = encoding_from(value);
      if (!encoding) return std::nullopt;
      dialect.encoding = *encoding;
    } else if (key == "bom") {
      dialect.bom_bytes = static_cast<std::uint8_t>(number);
    } else if (key == "pre") {
      dialect.preamble_lines = static_cast<std::uint32_t>(number);
    } else if (key == "head") {
      dialect.header_rows = static_cast<std::uint32_t>(number);
    } else if (key == "w") {
      dialect.width = static_cast<std::uint32_t>(number);
    } else if (key == "short") {
      dialect.short_records = value == "reject" ? ShortRecords::reject : ShortRecords::pad;
    } else if (key == "foot") {
      dialect.footer_offset = number;
    } else if (key == "second") {
      dialect.second_table_offset = number;
    } else {
      return std::nullopt;
    }
  }
  if (in.bad() || dialect.width == 0) return std::nullopt;
  return dialect;
}

}  // namespace sluice::csv
