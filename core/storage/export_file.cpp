// SPDX-License-Identifier: MIT
#include "core/storage/export_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/log.hpp"

namespace sluice::storage {
namespace {

constexpr std::uint64_t kAllocationStep = 64u
                                          << 20;  // a full disk is met early, and the file lies in few pieces
constexpr std::uint64_t kSmallFileBytes = 1u << 20;
constexpr std::uint64_t kLeastReserve = 2ull << 30;
constexpr std::uint64_t kWriteBackStep = 4u << 20;
constexpr std::size_t kCopyBytes = 1u << 20;
constexpr mode_t kFileMode = 0640;
constexpr mode_t kFolderMode = 0750;

[[noreturn]] void fail(const char* what, int error) {
  const std::string detail = std::string(what) + ": " + std::strerror(error);
  if (error == ENOSPC || error == EDQUOT) throw Error(Kind::no_space, "job.disk_full", detail);
  throw Error(Kind::internal, "export.file", detail);
}

UniqueFd open_folder(const std::string& path) {
  if (::mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) fail("mkdir", errno);
  UniqueFd fd{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!fd) fail("open folder", errno);
  return fd;
}

UniqueFd open_parts(const ExportFolder& folder) {
  open_folder(folder.folder);
  return open_folder(folder.folder + "/.part");
}

void sync_folder(const UniqueFd& folder) {
  if (::fsync(folder.get()) != 0) fail("fsync folder", errno);
}

std::string stem_of(const Uid& uid, std::uint64_t epoch) {
  return uid.hex() + "." + std::to_string(epoch);
}

std::string finished_name(const std::string& stem, Compression compression) {
  return stem + ".csv" + std::string(suffix_of(compression));
}

// The part of a mark; a holder killed between renaming and committing left it under its final name.
UniqueFd open_marked(const ExportFolder& folder, const UniqueFd& parts, const Uid& uid, std::uint64_t epoch) {
  constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC;
  UniqueFd fd{::openat(parts.get(), stem_of(uid, epoch).c_str(), kFlags)};
  if (fd) return fd;
  const UniqueFd finished = open_folder(folder.folder);
  for (const Compression compression : kCompressions) {
    fd.reset(::openat(finished.get(), finished_name(stem_of(uid, epoch), compression).c_str(), kFlags));
    if (fd) return fd;
  }
  return fd;
}

void remove_name(const UniqueFd& folder, const std::string& name) {
  if (::unlinkat(folder.get(), name.c_str(), 0) != 0 && errno != ENOENT)
    log_warning("an export's file could not be removed", {{"detail", std::strerror(errno)}});
}

}  // namespace

ExportFile::ExportFile(const ExportFolder& folder, const Uid& export_uid, std::uint64_t epoch)
    : folder_(folder), stem_(stem_of(export_uid, epoch)), epoch_(epoch), parts_fd_(open_parts(folder)) {
  ::unlinkat(parts_fd_.get(), stem_.c_str(), 0);
  fd_.reset(::openat(parts_fd_.get(), stem_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                     kFileMode));
  if (!fd_) fail("create part", errno);
}

std::optional<ExportFile> ExportFile::take_over(const ExportFolder& folder, const Uid& export_uid,
                                                std::uint64_t epoch, const PartMark& mark,
                                                const std::function<void()>& between) {
  const UniqueFd from = open_marked(folder, open_parts(folder), export_uid, mark.epoch);
  if (!from) return std::nullopt;
  ExportFile file(folder, export_uid, epoch);
  std::vector<char> buffer(kCopyBytes);
  while (file.size_ < mark.bytes) {
    if (between && file.size_ % (8 * kCopyBytes) == 0) between();
    const std::size_t wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), mark.bytes - file.size_));
    const ssize_t got = ::pread(from.get(), buffer.data(), wanted, static_cast<off_t>(file.size_));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read part", errno);
    if (got == 0) break;
    file.append({buffer.data(), static_cast<std::size_t>(got)});
  }
  if (file.size_ == mark.bytes && file.crc_ == mark.crc) return file;
  return std::nullopt;
}

// One that was published or moved from has no descriptor any more.
ExportFile::~ExportFile() {
  if (fd_ && !kept_) remove_name(parts_fd_, stem_);
}

void ExportFile::append(std::string_view bytes) {
  if (size_ + bytes.size() > allocated_) make_room(bytes.size());
  for (std::string_view rest = bytes; !rest.empty();) {
    const ssize_t written = ::write(fd_.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write part", errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  size_ += bytes.size();
  start_write_back();
  crc_ =
      static_cast<std::uint32_t>(::crc32_z(crc_, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
  sha256_.update(bytes);
}

// A small file is only written: to allocate before and to give back afterwards would cost it two turns of the
// journal.
void ExportFile::make_room(std::size_t bytes) {
  struct statvfs disk {};
  if (::fstatvfs(fd_.get(), &disk) != 0) fail("statvfs", errno);
  const std::uint64_t reserve =
      folder_.reserve_bytes != 0 ? folder_.reserve_bytes
                                 : std::max<std::uint64_t>(kLeastReserve, disk.f_frsize * disk.f_blocks / 20);
  const bool small = allocated_ == 0 && bytes <= kSmallFileBytes;
  const std::uint64_t step = small ? kSmallFileBytes : std::max<std::uint64_t>(bytes, kAllocationStep);
  if (disk.f_frsize * disk.f_bavail < reserve + step)
    throw Error(Kind::no_space, "job.disk_full", "the reserve of the disk is reached");
  if (!small) {
    const int result =
        ::fallocate(fd_.get(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(size_), static_cast<off_t>(step));
    if (result != 0 && errno != EOPNOTSUPP && errno != ENOSYS) fail("fallocate", errno);
  }
  allocated_ = size_ + step;
}

// A hint: what it does not start is done by the sync.
void ExportFile::start_write_back() {
  if (size_ - on_the_way_ < kWriteBackStep) return;
  ::sync_file_range(fd_.get(), static_cast<off_t>(on_the_way_), static_cast<off_t>(size_ - on_the_way_),
                    SYNC_FILE_RANGE_WRITE);
  on_the_way_ = size_;
}

PartMark ExportFile::sync() {
  if (::fdatasync(fd_.get()) != 0) fail("fdatasync part", errno);
  sync_folder(parts_fd_);  // the name too must be there after a loss of power
  return PartMark{epoch_, size_, crc_};
}

ExportFile::Published ExportFile::publish(Compression compression) {
  // Gives back what was allocated beyond.
  if (allocated_ > kSmallFileBytes && ::ftruncate(fd_.get(), static_cast<off_t>(size_)) != 0)
    fail("ftruncate", errno);
  if (::fsync(fd_.get()) != 0) fail("fsync part", errno);
  const UniqueFd folder = open_folder(folder_.folder);
  Published published{finished_name(stem_, compression), size_, sha256_.finish()};
  if (::renameat(parts_fd_.get(), stem_.c_str(), folder.get(), published.name.c_str()) != 0)
    fail("rename part", errno);
  sync_folder(folder);
  fd_.reset();
  return published;
}

// By name, epoch by epoch: the folder holds the results of a week, and to look through it for every export
// would take longer than the export.
void ExportFile::remove(const ExportFolder& folder, const Uid& export_uid, std::uint64_t last_epoch) {
  if (last_epoch == 0) return;
  const UniqueFd parts = open_parts(folder);
  const UniqueFd finished = open_folder(folder.folder);
  for (std::uint64_t epoch = 1; epoch <= last_epoch; ++epoch) {
    const std::string stem = stem_of(export_uid, epoch);
    remove_name(parts, stem);
    for (const Compression compression : kCompressions)
      remove_name(finished, finished_name(stem, compression));
  }
}

}  // namespace sluice::storage
