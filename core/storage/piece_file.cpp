// SPDX-License-Identifier: MIT
#include "core/storage/piece_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>

#include "core/base/error.hpp"
#include "core/base/log.hpp"

namespace sluice::storage {
namespace {

constexpr mode_t kFileMode = 0640;
constexpr mode_t kFolderMode = 0750;
constexpr int kTries = 3;

[[noreturn]] void raise(const std::string& what) {
  const int number = errno;
  const std::string detail = what + ": " + std::strerror(number);
  if (number == ENOSPC || number == EDQUOT) throw Error(Kind::no_space, "upload.no_space", detail);
  throw Error(Kind::internal, "upload.piece", detail);
}

/// <2 hex>/<upload, hex>
std::string folder_of(const Uid& upload) {
  const std::string hex = upload.hex();
  return hex.substr(0, 2) + "/" + hex;
}

std::string file_of(const Uid& upload, std::uint64_t start) {
  return folder_of(upload) + "/" + std::to_string(start) + "-" + Uid::random().hex().substr(0, 16);
}

void make_folder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) raise("mkdir " + path);
}

void make_folders(const std::string& base, const Uid& upload) {
  const std::string hex = upload.hex();
  make_folder(base);
  make_folder(base + "/" + hex.substr(0, 2));
  make_folder(base + "/" + hex.substr(0, 2) + "/" + hex);
}

void sync_path(const std::string& path, int flags) {
  const UniqueFd fd(::open(path.c_str(), flags | O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd) raise("open " + path);
  if (((flags & O_DIRECTORY) != 0 ? ::fsync(fd.get()) : ::fdatasync(fd.get())) != 0) raise("sync " + path);
}

}  // namespace

NewPiece::NewPiece(NewPiece&& other) noexcept
    : folder_(std::move(other.folder_)),
      file_(std::move(other.file_)),
      fd_(std::move(other.fd_)),
      length_(other.length_),
      kept_(other.kept_) {
  other.kept_ = true;  // an empty shell removes nothing
}

NewPiece::~NewPiece() {
  if (kept_) return;
  const std::string path = folder_ + "/" + file_;
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    log_warning("cannot remove a piece", {{"file", file_}, {"detail", std::strerror(errno)}});
}

void NewPiece::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) raise("write " + file_);
    length_ += static_cast<std::uint64_t>(n);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void NewPiece::start_write_back() {
  // A hint: what it does not start is done by the sync.
  ::sync_file_range(fd_.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
}

NewPiece PieceStore::create(const Uid& upload, std::uint64_t start) const {
  const std::string file = file_of(upload, start);
  const std::string path = folder_ + "/" + file;
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  for (int tries = 0;; ++tries) {
    UniqueFd fd(::open(path.c_str(), kFlags, kFileMode));
    if (fd) return NewPiece(folder_, file, std::move(fd));
    // A removal may take the upload's folder away again just after it was made.
    if (errno != ENOENT || tries == kTries) raise("create " + path);
    make_folders(folder_, upload);
  }
}

NewPiece PieceStore::take(const std::string& path, std::uint64_t length, const Uid& upload,
                          std::uint64_t start) const {
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  struct stat status {};
  if (!fd || ::fstat(fd.get(), &status) != 0 || !S_ISREG(status.st_mode)) raise("open " + path);
  if (static_cast<std::uint64_t>(status.st_size) != length)
    throw Error(Kind::internal, "upload.piece", "the body file changed its size");
  ::fchmod(fd.get(), kFileMode);
  const std::string file = file_of(upload, start);
  const std::string target = folder_ + "/" + file;
  for (int tries = 0; ::rename(path.c_str(), target.c_str()) != 0; ++tries) {
    if (errno != ENOENT || tries == kTries) raise("rename to " + target);
    make_folders(folder_, upload);
  }
  NewPiece piece(folder_, file, std::move(fd));
  piece.length_ = length;
  return piece;
}

void PieceStore::sync(std::span<const std::string> files) const {
  std::set<std::string> folders;
  for (const std::string& file : files) {
    sync_path(folder_ + "/" + file, 0);
    // The entry of the file in its folder, and that folder's own entries above it.
    for (auto slash = file.rfind('/'); slash != std::string::npos && slash != 0;
         slash = file.rfind('/', slash - 1))
      folders.insert(file.substr(0, slash));
  }
  for (const std::string& name : folders) sync_path(folder_ + "/" + name, O_DIRECTORY);
  if (!files.empty()) sync_path(folder_, O_DIRECTORY);
}

void PieceStore::remove(std::span<const std::string> files) const {
  std::set<std::string> folders;
  for (const std::string& file : files) {
    if (::unlink((folder_ + "/" + file).c_str()) != 0 && errno != ENOENT)
      log_warning("cannot remove a piece", {{"file", file}, {"detail", std::strerror(errno)}});
    folders.insert(file.substr(0, file.rfind('/')));
  }
  for (const std::string& name : folders)
    ::rmdir((folder_ + "/" + name).c_str());  // fails while there are others
}

const std::string& boot_id() {
  static const std::string id = [] {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string text;
    file >> text;
    const auto uid = Uid::parse(text);
    if (!uid) throw Error(Kind::internal, "boot_id", "cannot read the id of this boot");
    return std::string(uid->bytes());
  }();
  return id;
}

std::uint64_t free_bytes(const std::string& folder, std::uint64_t min_free) {
  struct statvfs status {};
  if (::statvfs(folder.c_str(), &status) != 0) raise("statvfs " + folder);
  const std::uint64_t available = static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  const std::uint64_t total = static_cast<std::uint64_t>(status.f_blocks) * status.f_frsize;
  const std::uint64_t reserve = min_free != 0 ? min_free : std::max<std::uint64_t>(total / 20, 2ULL << 30);
  return available > reserve ? available - reserve : 0;
}

}  // namespace sluice::storage
