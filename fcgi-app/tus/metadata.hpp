// SPDX-License-Identifier: MIT
// Upload-Metadata (tus 1.0.0, "Creation"): `key base64,key2,…`. Values may hold any bytes; only the keys that
// mean something to Sluice are looked into, all others come back in HEAD as they were given.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/json.hpp"
#include "core/db/upload_table.hpp"

namespace sluice::fcgi::tus {

struct Metadata {
  std::vector<std::pair<std::string, std::string>> pairs;  ///< decoded, in order
  std::optional<std::string> filename;                     ///< cut to 255 characters
  std::optional<std::string> fingerprint;
  db::Purpose purpose = db::Purpose::import;
  Json options = Json::object();  ///< dataset, mode, load, types: those that were given
};

/// Error invalid: `tus.metadata` (base64, empty or doubled keys, more than 16 keys or 4 kB; in the keys that
/// are read: not UTF-8, NUL, CR, LF), `upload.options` (mode, load, types, purpose, dataset with a value that
/// is none).
Metadata parse_metadata(std::string_view header);

}  // namespace sluice::fcgi::tus
