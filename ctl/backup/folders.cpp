// SPDX-License-Identifier: MIT
#include "ctl/backup/folders.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>

#include "core/base/digest.hpp"
#include "core/base/error.hpp"
#include "core/base/unique_fd.hpp"

namespace sluice::ctl {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolders[] = {"uploads/pieces", "uploads/files", "exports"};

/// Names of what is still being written begin with a dot or contain ".part".
bool is_finished(const fs::path& path) {
  const std::string name = path.filename().string();
  return !name.starts_with('.') && name.find(".part") == std::string::npos;
}

bool is_the_same(const fs::path& from, const fs::path& to) {
  std::error_code problem;
  const auto size = fs::file_size(to, problem);
  return !problem && size == fs::file_size(from, problem) && !problem;
}

void take(const fs::path& from, const fs::path& to, Copied& copied) {
  if (is_the_same(from, to)) return;
  std::error_code problem;
  fs::create_directories(to.parent_path(), problem);
  fs::remove(to, problem);
  fs::create_hard_link(from, to, problem);
  if (!problem)
    ++copied.linked;
  else
    fs::copy_file(from, to, problem);
  if (problem && fs::exists(from))
    throw Error(Kind::no_space, "ctl.file", to.string() + ": " + problem.message());
  if (!problem) ++copied.files;
}

/// fs::recursive_directory_iterator throws when a folder vanishes under it; here that is nothing. A folder
/// that cannot be read is no nothing.
template <typename Visit>
void walk(const fs::path& folder, const Visit& visit) {
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    if (!is_finished(at->path())) continue;
    std::error_code gone;
    if (at->is_directory(gone))
      walk(at->path(), visit);
    else if (at->is_regular_file(gone))
      visit(at->path());
  }
  if (problem && problem != std::errc::no_such_file_or_directory)
    throw Error(Kind::unavailable, "ctl.file", folder.string() + ": " + problem.message());
}

}  // namespace

Copied copy_data(const fs::path& from, const fs::path& to) {
  Copied copied;
  for (const char* folder : kFolders)
    walk(from / folder,
         [&](const fs::path& file) { take(file, to / file.lexically_relative(from), copied); });
  return copied;
}

bool holds_no_data(const fs::path& data) {
  bool empty = true;
  for (const char* folder : kFolders) walk(data / folder, [&](const fs::path&) { empty = false; });
  return empty;
}

void sync_folder(const fs::path& folder) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::syncfs(fd.get()) != 0)
    throw Error(Kind::internal, "ctl.file", "cannot sync " + folder.string());
}

std::string sha256_of_file(const fs::path& file) {
  Digest digest;
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error(Kind::unavailable, "ctl.file", "cannot read " + file.string());
  std::vector<char> buffer(1 << 20);
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0)
    digest.update({buffer.data(), static_cast<std::size_t>(in.gcount())});
  return digest.finish();
}

}  // namespace sluice::ctl
