// SPDX-License-Identifier: MIT
#include "core/csv/content_sniff.hpp"

#include <algorithm>

#include "core/csv/encoding.hpp"

namespace sluice::csv {

namespace {

using std::string_view_literals::operator""sv;

struct Magic {
  std::string_view bytes;
  std::string_view what;
};

constexpr Magic kMagics[] = {
    {"\x89PNG\r\n\x1A\n"sv, "a PNG image"},
    {"\xFF\xD8\xFF"sv, "a JPEG image"},
    {"GIF87a"sv, "a GIF image"},
    {"GIF89a"sv, "a GIF image"},
    {"%PDF-"sv, "a PDF document"},
    {"\x1F\x8B"sv, "a gzip archive"},
    {"BZh"sv, "a bzip2 archive"},
    {"\xFD\x37zXZ\0"sv, "an xz archive"},
    {"\x28\xB5\x2F\xFD"sv, "a zstd archive"},
    {"7z\xBC\xAF\x27\x1C"sv, "a 7-Zip archive"},
    {"Rar!\x1A\x07"sv, "a RAR archive"},
    {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, "an old Excel or Word document"},
    {"SQLite format 3\0"sv, "an SQLite database"},
    {"\x7F"
     "ELF"sv,
     "a program"},
    {"PAR1"sv, "a Parquet file"},
};

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Bytes that no text has: control characters but those that some files use as delimiters or white space.
bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && !(byte >= 0x09 && byte <= 0x0D) && byte != 0x01 && byte != 0x1B && !(byte >= 0x1C);
}

}  // namespace

std::string not_text_reason(std::string_view head) {
  // Before UTF-16, whose BOM the first one begins with (Unicode 23.8).
  if (head.substr(0, 4) == "\xFF\xFE\0\0"sv || head.substr(0, 4) == "\0\0\xFE\xFF"sv)
    return "This is a text in UTF-32. Save it as UTF-8 and upload that.";
  if (head.substr(0, 4) == "PK\x03\x04"sv) {
    if (holds(head, "xl/") || holds(head, "[Content_Types].xml")) {
      return "This is an Excel workbook (xlsx), not a CSV file. Save it as CSV and upload that.";
    }
    return "This is a zip archive, not a CSV file. Unpack it and upload the CSV file in it.";
  }
  for (const Magic& magic : kMagics) {
    if (head.substr(0, magic.bytes.size()) != magic.bytes) continue;
    // Short marks could begin a text: these must be followed by bytes that no text has.
    if (magic.bytes == "BZh" && !(head.size() > 10 && holds(head.substr(4, 6), "1AY&SY"))) continue;
    if (magic.bytes == "PAR1" && std::none_of(head.begin(), head.end(), is_control)) continue;
    return "This is " + std::string{magic.what} + ", not a CSV file.";
  }
  if (guess_encoding(head).encoding != Encoding::utf8) return {};
  const auto controls = static_cast<std::size_t>(std::count_if(head.begin(), head.end(), is_control));
  if (controls * 20 > head.size()) return "This is not a text file: it is full of control characters.";
  return {};
}

EncodingGuess guess_encoding(std::string_view head) {
  if (head.substr(0, 3) == "\xEF\xBB\xBF"sv) return {Encoding::utf8, 3};
  if (head.substr(0, 2) == "\xFF\xFE"sv) return {Encoding::utf16le, 2};
  if (head.substr(0, 2) == "\xFE\xFF"sv) return {Encoding::utf16be, 2};
  const std::string_view sample = head.substr(0, 4096 < head.size() ? 4096 : head.size() & ~std::size_t{1});
  std::size_t even = 0, odd = 0;
  for (std::size_t i = 0; i + 1 < sample.size(); i += 2) {
    even += sample[i] == '\0';
    odd += sample[i + 1] == '\0';
  }
  // Delimiters, digits and line ends have a zero byte in UTF-16, whatever the language of the texts.
  const std::size_t units = sample.size() / 2;
  if (units >= 2 && odd * 10 >= units * 3 && even * 20 <= units) return {Encoding::utf16le, 0};
  if (units >= 2 && even * 10 >= units * 3 && odd * 20 <= units) return {Encoding::utf16be, 0};
  return {};
}

std::string decoded(std::string_view bytes, Encoding encoding) {
  if (encoding == Encoding::utf8) return std::string{bytes};
  std::string out;
  if (encoding == Encoding::windows1252) {
    append_windows1252(bytes, out);
    return out;
  }
  out.resize(bytes.size() / 2 * 3 + 3);
  out.resize(utf16_to_utf8(bytes, encoding == Encoding::utf16be, false, out.data()).written);
  return out;
}

}  // namespace sluice::csv
