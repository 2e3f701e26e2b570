// SPDX-License-Identifier: MIT
// A backup's folder: main.sql, data/ds_<id>.sql, the data folder's files as they lie there, and, written
// last, manifest.json.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/config.hpp"

namespace sluice::ctl {

struct Copied {
  std::uint64_t files = 0;
  std::uint64_t linked = 0;  ///< of them: the same file under a second name
};

/// The files that a row may promise, from one data folder into another: uploads' pieces and assembled files,
/// exports; nothing that is still being written. They never change once they have their name, so a second
/// name (hard link) is enough where both folders lie on one file system. What vanishes meanwhile is left out;
/// what is there in the same length is left alone.
Copied copy_data(const std::filesystem::path& from, const std::filesystem::path& to);
/// True when there is no such file.
bool holds_no_data(const std::filesystem::path& data);

/// Everything below `folder` is on the disk. Throws Error internal `ctl.file`.
void sync_folder(const std::filesystem::path& folder);

/// SHA-256 of a file, raw. Throws Error unavailable `ctl.file` when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace sluice::ctl
