// SPDX-License-Identifier: MIT
#include "core/storage/upload_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "core/base/digest.hpp"
#include "core/base/error.hpp"
#include "core/base/log.hpp"

namespace sluice::storage {
namespace {

constexpr std::size_t kBlock = 1u << 20;
constexpr mode_t kFileMode = 0640;
constexpr std::size_t kFanOutDigits = 2;

[[noreturn]] void failed(const char* what, const std::string& path) {
  const int error = errno;
  const std::string detail = std::string(what) + " " + path + ": " + std::strerror(error);
  if (error == ENOSPC || error == EDQUOT) throw Error(Kind::no_space, "job.disk_full", detail);
  throw Error(Kind::internal, "upload.file", detail);
}

UniqueFd open_file(const std::string& path, int flags) {
  UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, kFileMode));
  if (!fd) failed("open", path);
  return fd;
}

std::uint64_t size_of(const UniqueFd& fd, const std::string& path) {
  struct stat found {};
  if (::fstat(fd.get(), &found) != 0) failed("stat", path);
  return static_cast<std::uint64_t>(found.st_size);
}

/// Reads until `into` is full or the file ends.
std::size_t read_at(const UniqueFd& fd, const std::string& path, std::uint64_t offset, std::span<char> into) {
  std::size_t done = 0;
  while (done < into.size()) {
    const ssize_t got =
        ::pread(fd.get(), into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) failed("read", path);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

void write_all(const UniqueFd& fd, const std::string& path, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd.get(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) failed("write", path);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
}

void sync_folder(const std::string& path) {
  const UniqueFd fd = open_file(path, O_RDONLY | O_DIRECTORY);
  if (::fsync(fd.get()) != 0) failed("fsync", path);
}

/// Feeds all of a file to `block`; `done` counts over several files.
template <typename OnBlock>
void read_through(const std::string& path, std::uint64_t& done, const AssembleRequest& request,
                  OnBlock block) {
  const UniqueFd fd = open_file(path, O_RDONLY);
  std::vector<char> buffer(kBlock);
  for (std::uint64_t offset = 0;;) {
    const std::size_t got = read_at(fd, path, offset, buffer);
    if (got == 0) return;
    block(std::span<const char>(buffer.data(), got));
    offset += got;
    done += got;
    if (request.between) request.between(done);
  }
}

std::string hash_of(const std::string& path, const AssembleRequest& request) {
  Digest digest;
  std::uint64_t done = 0;
  read_through(path, done, request, [&](std::span<const char> bytes) {
    digest.update({bytes.data(), bytes.size()});
  });
  return digest.finish();
}

/// The part of this epoch; removed again unless it became the file.
class Part {
 public:
  explicit Part(std::string path)
      : path_(std::move(path)), fd_(open_file(path_, O_WRONLY | O_CREAT | O_TRUNC)) {}
  ~Part() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  void write(std::span<const char> bytes) { write_all(fd_, path_, bytes); }
  void become(const std::string& final_path) {
    if (::fsync(fd_.get()) != 0) failed("fsync", path_);
    if (::rename(path_.c_str(), final_path.c_str()) != 0) failed("rename", path_);
    path_.clear();
  }

 private:
  std::string path_;
  UniqueFd fd_;
};

std::string copy_pieces(const AssembleRequest& request, const std::string& final_path) {
  Part part(final_path + "." + std::to_string(request.epoch) + ".part");
  Digest digest;
  std::uint64_t done = 0;
  for (const StoredPiece& piece : request.pieces) {
    const std::uint64_t before = done;
    read_through(piece.path, done, request, [&](std::span<const char> bytes) {
      digest.update({bytes.data(), bytes.size()});
      part.write(bytes);
    });
    if (done - before != piece.length)
      throw Error(Kind::internal, "upload.file",
                  piece.path + " has " + std::to_string(done - before) + " bytes, not " +
                      std::to_string(piece.length));
  }
  part.become(final_path);
  return digest.finish();
}

/// The only piece becomes the file without a copy. It keeps its own name until the commit that needs it no
/// more, so whatever ends this attempt, the row of the piece has its bytes. A file system without hard links
/// gets a rename: first the new name is made durable then, or the loss of the old one might leave nothing.
void give_name(const std::string& piece, const std::filesystem::path& final_path) {
  if (::link(piece.c_str(), final_path.c_str()) == 0) return;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != EMLINK) failed("link", piece);
  if (::rename(piece.c_str(), final_path.c_str()) != 0) failed("rename", piece);
  sync_folder(final_path.parent_path());
  sync_folder(final_path.parent_path().parent_path());
  sync_folder(std::filesystem::path(piece).parent_path());
}

/// What killed attempts left. A holder that was replaced and still writes does so to a file without a name.
void remove_parts(const std::filesystem::path& folder, const std::string& stem) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(stem + ".") && name.ends_with(".part")) ::unlink(entry.path().c_str());
  }
}

void remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    log_warning("a file could not be removed", {{"detail", path + ": " + std::strerror(errno)}});
}

}  // namespace

FileSource::FileSource(const std::string& path) : fd_(open_file(path, O_RDONLY)), size_(size_of(fd_, path)) {
  ::posix_fadvise(fd_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
}

std::size_t FileSource::read(std::uint64_t offset, std::span<char> into) {
  return read_at(fd_, "the file of an upload", offset, into);
}

PieceSource::PieceSource(std::vector<StoredPiece> pieces) : pieces_(std::move(pieces)) {
  std::uint64_t end = 0;
  for (const StoredPiece& piece : pieces_) ends_.push_back(end += piece.length);
}

std::size_t PieceSource::read(std::uint64_t offset, std::span<char> into) {
  std::size_t done = 0;
  while (done < into.size() && offset < size()) {
    const std::size_t at =
        static_cast<std::size_t>(std::upper_bound(ends_.begin(), ends_.end(), offset) - ends_.begin());
    if (at != open_) {
      fd_ = open_file(pieces_[at].path, O_RDONLY);
      open_ = at;
    }
    const std::uint64_t start = ends_[at] - pieces_[at].length;
    const std::size_t want =
        static_cast<std::size_t>(std::min<std::uint64_t>(into.size() - done, ends_[at] - offset));
    if (read_at(fd_, pieces_[at].path, offset - start, into.subspan(done, want)) != want)
      throw Error(Kind::internal, "upload.file", pieces_[at].path + " is shorter than it was");
    done += want;
    offset += want;
  }
  return done;
}

std::unique_ptr<csv::ByteSource> open_upload(const std::string& files_folder, const Uid& upload,
                                             std::vector<StoredPiece> pieces) {
  const std::string path = files_folder + "/" + upload_file_name(upload);
  if (std::filesystem::exists(path)) return std::make_unique<FileSource>(path);
  return std::make_unique<PieceSource>(std::move(pieces));
}

std::string upload_file_name(const Uid& upload) {
  const std::string hex = upload.hex();
  return hex.substr(0, kFanOutDigits) + "/" + hex;
}

Assembled assemble(const AssembleRequest& request) {
  const std::filesystem::path final_path =
      std::filesystem::path(request.files_folder) / upload_file_name(request.upload);
  const std::filesystem::path folder = final_path.parent_path();
  std::filesystem::create_directories(folder);
  remove_parts(folder, request.upload.hex());

  Assembled assembled;
  for (const StoredPiece& piece : request.pieces) assembled.length += piece.length;
  if (std::filesystem::exists(final_path)) {
    assembled.sha256 = hash_of(final_path, request);
  } else if (request.may_move && request.pieces.size() == 1) {
    give_name(request.pieces[0].path, final_path);
    assembled.sha256 = hash_of(final_path, request);
  } else {
    assembled.sha256 = copy_pieces(request, final_path);
  }
  sync_folder(folder);
  sync_folder(request.files_folder);
  if (FileSource(final_path).size() != assembled.length)
    throw Error(Kind::internal, "upload.file", final_path.string() + " is not as long as its pieces");
  return assembled;
}

void remove_upload_file(const std::string& files_folder, const Uid& upload) {
  remove_file(files_folder + "/" + upload_file_name(upload));
}

}  // namespace sluice::storage
