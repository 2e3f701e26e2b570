// SPDX-License-Identifier: MIT
// Writes CSV (RFC 4180) into a string that the caller empties from time to time.
#pragma once
#include <string>
#include <string_view>

namespace sluice::csv {

enum class Formulas : std::uint8_t { keep, escape };

struct WriteOptions {
  std::string delimiter = ",";  // 1-4 bytes
  std::string record_end = "\r\n";
  Formulas formulas = Formulas::keep;
};

class Writer {
 public:
  // `out` must outlive the writer; it only ever grows.
  Writer(std::string& out, WriteOptions options);

  // A field with text: quoted only if it must be. Empty text is written as "", because a bare empty field is
  // NULL. With Formulas::escape a text that a spreadsheet would run gets ' in front and quotes around; pass
  // `number` for cells of numeric columns, which are left alone, as negative numbers are anywhere.
  void field(std::string_view text, bool number = false);
  // NULL: nothing between two delimiters.
  void null();
  void end_record();

 private:
  void start_field();
  bool must_quote(std::string_view text) const;

  std::string& out_;
  WriteOptions options_;
  bool first_ = true;
  bool lone_null_ = false;
};

}  // namespace sluice::csv
