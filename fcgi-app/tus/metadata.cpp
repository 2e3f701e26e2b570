// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/metadata.hpp"

#include <algorithm>

#include "core/base/digest.hpp"
#include "core/base/error.hpp"
#include "core/base/fold.hpp"
#include "core/base/utf8.hpp"
#include "core/db/import_options.hpp"
#include "fcgi-app/request_error.hpp"

namespace sluice::fcgi::tus {
namespace {

constexpr std::size_t kMostBytes = 4096;
constexpr std::size_t kMostKeys = 16;
constexpr std::size_t kMostFilename = 255;     // characters, as the column
constexpr std::size_t kMostFingerprint = 128;  // bytes
constexpr std::size_t kKeyShown = 100;         // bytes

constexpr std::string_view kRead[] = {"filename", "filetype", "dataset",     "mode",   "load",
                                      "types",    "purpose",  "fingerprint", "options"};

[[noreturn]] void refuse(std::string what, std::string_view reason) {
  throw header_error("tus.metadata", "Upload-Metadata", std::move(what), reason);
}

/// About the value of one key, which must be visible ASCII.
[[noreturn]] void refuse_value(std::string_view code, std::string_view key, std::string what,
                               std::string_view reason) {
  const std::string shown(key.substr(0, kKeyShown));
  throw named_error(code, "Upload-Metadata/" + shown, "`" + shown + "` in Upload-Metadata", std::move(what),
                    reason);
}

bool is_key(std::string_view key) {
  return !key.empty() &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f && c != ','; });
}

/// Valid UTF-8 on one line.
bool is_clean(std::string_view value) {
  return is_utf8(value) && value.find_first_of(std::string_view("\0\r\n", 3)) == std::string_view::npos;
}

void require_word(std::string_view key, std::string_view value, std::string_view usual,
                  std::string_view other) {
  if (value != usual && value != other)
    refuse_value("upload.options", key, "must be " + std::string(usual) + " or " + std::string(other) + ".",
                 "value");
}

/// `options`: what POST /upload/{uid}/load takes, as JSON.
Json options_from(std::string_view value) {
  Json options;
  try {
    options = parse_json(value);
  } catch (const Error& error) {
    refuse_value("upload.options", "options",
                 "must be a JSON object with what POST /upload/{uid}/load takes (" + error.code() + ").",
                 "type");
  }
  try {
    db::import_options_from(options);
  } catch (const Error& error) {
    refuse_value(error.code(), "options", "is wrong: " + error.advice(), "value");
  }
  return options;
}

void interpret(Metadata& metadata, const std::string& key, const std::string& value) {
  if (!is_clean(value)) refuse_value("tus.metadata", key, "must be UTF-8 on one line.", "encoding");
  if (key == "filename") {
    if (!value.empty()) metadata.filename = first_characters(value, kMostFilename);
  } else if (key == "dataset") {
    if (!db::is_dataset_name(value))
      refuse_value("upload.options", key, "must have 1 to 200 characters.", "range");
    metadata.options.set(key, value);
  } else if (key == "mode") {
    require_word(key, value, "new", "append");
    metadata.options.set(key, value);
  } else if (key == "load") {
    require_word(key, value, "auto", "review");
    metadata.options.set(key, value);
  } else if (key == "types") {
    require_word(key, value, "auto", "text");
    metadata.options.set(key, value);
  } else if (key == "options") {
    const Json options = options_from(value);
    for (const auto& [name, member] : options.members())
      if (!member.is_null()) metadata.options.set(name, member);
  } else if (key == "purpose") {
    require_word(key, value, "import", "team");
    metadata.purpose = value == "team" ? db::Purpose::team : db::Purpose::import;
  } else if (key == "fingerprint") {
    if (value.size() > kMostFingerprint)
      refuse_value("tus.metadata", key, "may have " + std::to_string(kMostFingerprint) + " bytes.", "range");
    if (!value.empty()) metadata.fingerprint = value;
  }
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

Metadata parse_metadata(std::string_view header) {
  Metadata metadata;
  if (header.size() > kMostBytes) refuse("may have " + std::to_string(kMostBytes) + " bytes.", "range");
  if (trimmed(header).empty()) return metadata;
  for (bool more = true; more;) {
    const auto comma = header.find(',');
    const std::string_view pair = trimmed(header.substr(0, comma));
    more = comma != std::string_view::npos;
    if (more) header.remove_prefix(comma + 1);
    const auto blank = pair.find(' ');
    const std::string key(pair.substr(0, blank));
    const auto value =
        base64_decode(blank == std::string_view::npos ? std::string_view{} : trimmed(pair.substr(blank)));
    if (!is_key(key))
      refuse("has an empty key, or one with other than visible ASCII characters, as number " +
                 std::to_string(metadata.pairs.size() + 1) + " of its list.",
             "value");
    if (!value) refuse_value("tus.metadata", key, "is not base64.", "encoding");
    const auto same = [&](const auto& other) { return other.first == key; };
    if (std::any_of(metadata.pairs.begin(), metadata.pairs.end(), same))
      refuse_value("tus.metadata", key, "came twice.", "duplicate");
    if (metadata.pairs.size() == kMostKeys)
      refuse("may have " + std::to_string(kMostKeys) + " keys.", "range");
    if (std::find(std::begin(kRead), std::end(kRead), key) != std::end(kRead))
      interpret(metadata, key, *value);
    metadata.pairs.emplace_back(key, *value);
  }
  return metadata;
}

}  // namespace sluice::fcgi::tus
