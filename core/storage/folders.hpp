// SPDX-License-Identifier: MIT
#pragma once
#include <string>

namespace sluice::storage {

/// Makes a folder below `data_dir` that is not there, and those on the way to it, so that they survive loss
/// of power: whoever puts files into it later syncs only the folder itself. Error internal `storage.folder`.
void make_durable_folder(const std::string& data_dir, const std::string& folder);

}  // namespace sluice::storage
