// SPDX-License-Identifier: MIT
#include "core/storage/folders.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/base/error.hpp"
#include "core/base/unique_fd.hpp"

namespace sluice::storage {

void make_durable_folder(const std::string& data_dir, const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code problem;
  if (fs::is_directory(folder, problem)) return;
  fs::create_directories(folder, problem);
  if (problem) throw Error(Kind::internal, "storage.folder", folder + ": " + problem.message());
  // Each folder's entry lies in the one above it.
  for (fs::path at = fs::path(folder).parent_path();; at = at.parent_path()) {
    const UniqueFd fd(::open(at.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0)
      throw Error(Kind::internal, "storage.folder", at.string() + ": " + std::strerror(errno));
    if (at == fs::path(data_dir) || at == at.parent_path()) return;
  }
}

}  // namespace sluice::storage
