// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/metadata.hpp"

#include <algorithm>

#include "core/base/digest.hpp"
#include "core/base/error.hpp"
#include "core/base/fold.hpp"
#include "core/base/utf8.hpp"
#include "core/db/import_options.hpp"

namespace sluice::fcgi::tus {
namespace {

constexpr std::size_t kMostBytes = 4096;
constexpr std::size_t kMostKeys = 16;
constexpr std::size_t kMostFilename = 255;  // characters, as the column
constexpr std::size_t kMostDataset = 200;
constexpr std::size_t kMostFingerprint = 128;  // bytes

constexpr std::string_view kRead[] = {"filename", "filetype", "dataset",     "mode",   "load",
                                      "types",    "purpose",  "fingerprint", "options"};

[[noreturn]] void refuse(std::string detail, std::string advice = {}) {
  throw Error(Kind::invalid, "tus.metadata", std::move(detail), std::move(advice));
}

bool is_key(std::string_view key) {
  return !key.empty() &&
         std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7f && c != ','; });
}

/// Valid UTF-8 on one line.
bool is_clean(std::string_view value) {
  return is_utf8(value) && value.find_first_of(std::string_view("\0\r\n", 3)) == std::string_view::npos;
}

void require_word(std::string_view key, std::string_view value,
                  std::initializer_list<std::string_view> words) {
  if (std::find(words.begin(), words.end(), value) == words.end())
    throw Error(Kind::invalid, "upload.options", std::string(key) + "=" + std::string(value));
}

void interpret(Metadata& metadata, const std::string& key, const std::string& value) {
  if (!is_clean(value))
    refuse("value of " + key, "The value of " + key + " in Upload-Metadata must be UTF-8 on one line.");
  if (key == "filename") {
    if (!value.empty()) metadata.filename = first_characters(value, kMostFilename);
  } else if (key == "dataset") {
    if (value.empty() || count_characters(value) > kMostDataset)
      throw Error(Kind::invalid, "upload.options",
                  "a dataset's name of " + std::to_string(value.size()) + " bytes",
                  "A dataset's name has 1 to 200 characters.");
    metadata.options.set(key, value);
  } else if (key == "mode") {
    require_word(key, value, {"new", "append"});
    metadata.options.set(key, value);
  } else if (key == "load") {
    require_word(key, value, {"auto", "review"});
    metadata.options.set(key, value);
  } else if (key == "types") {
    require_word(key, value, {"auto", "text"});
    metadata.options.set(key, value);
  } else if (key == "options") {  // what POST /upload/{uid}/load takes, as JSON
    const Json options = parse_json(value);
    db::import_options_from(options);
    for (const auto& [name, member] : options.members()) metadata.options.set(name, member);
  } else if (key == "purpose") {
    require_word(key, value, {"import", "team"});
    metadata.purpose = value == "team" ? db::Purpose::team : db::Purpose::import;
  } else if (key == "fingerprint") {
    if (value.size() > kMostFingerprint) refuse("a long fingerprint", "fingerprint may have 128 bytes.");
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
  if (header.size() > kMostBytes) refuse("metadata of " + std::to_string(header.size()) + " bytes");
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
    if (!is_key(key)) refuse("a bad key");
    if (!value)
      refuse("value of " + key + " is no base64",
             "The value of " + key + " in Upload-Metadata is not base64.");
    const auto same = [&](const auto& other) { return other.first == key; };
    if (std::any_of(metadata.pairs.begin(), metadata.pairs.end(), same)) refuse("key " + key + " came twice");
    if (metadata.pairs.size() == kMostKeys) refuse("more than 16 keys");
    if (std::find(std::begin(kRead), std::end(kRead), key) != std::end(kRead))
      interpret(metadata, key, *value);
    metadata.pairs.emplace_back(key, *value);
  }
  return metadata;
}

}  // namespace sluice::fcgi::tus
