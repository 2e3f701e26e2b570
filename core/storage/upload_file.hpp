// SPDX-License-Identifier: MIT
// The bytes of an upload as one file: assembled of its pieces, hashed, renamed into place. And both, pieces
// and file, as sources for the CSV reader. Names on the disk are hex digits only; nobody appends to a piece
// or to a finished file.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/uid.hpp"
#include "core/base/unique_fd.hpp"
#include "core/csv/byte_source.hpp"

namespace sluice::storage {

struct StoredPiece {
  std::string path;
  std::uint64_t length = 0;
};

/// One file. Throws Error internal `upload.file` when it cannot be opened or read.
class FileSource final : public csv::ByteSource {
 public:
  explicit FileSource(const std::string& path);
  std::uint64_t size() const override { return size_; }
  std::size_t read(std::uint64_t offset, std::span<char> into) override;

 private:
  UniqueFd fd_;
  std::uint64_t size_ = 0;
};

/// Pieces in order, as if they were one file; one of them is open at a time.
class PieceSource final : public csv::ByteSource {
 public:
  explicit PieceSource(std::vector<StoredPiece> pieces);
  std::uint64_t size() const override { return ends_.empty() ? 0 : ends_.back(); }
  std::size_t read(std::uint64_t offset, std::span<char> into) override;

 private:
  std::vector<StoredPiece> pieces_;
  std::vector<std::uint64_t> ends_;  // offset behind each piece
  std::size_t open_ = ~std::size_t{0};
  UniqueFd fd_;
};

/// The bytes of an upload wherever they are: in the assembled file once it is in its place, else in its
/// pieces.
std::unique_ptr<csv::ByteSource> open_upload(const std::string& files_folder, const Uid& upload,
                                             std::vector<StoredPiece> pieces);

/// The assembled file's name below the folder of files: "3f/3f2a…" (two hex digits fan it out).
std::string upload_file_name(const Uid& upload);

struct Assembled {
  std::uint64_t length = 0;
  std::string sha256;  ///< 32 raw bytes
};

struct AssembleRequest {
  std::string files_folder;  ///< Config::files_dir(); made when absent
  Uid upload;
  std::uint64_t epoch = 0;          ///< of the job: names the part
  std::vector<StoredPiece> pieces;  ///< in order; none: an empty file
  /// A single piece belongs to nobody else: it gets the file's name, too, and is not copied.
  bool may_move = false;
  /// Called at least every MiB with the bytes done; may throw, which leaves no part behind.
  std::function<void(std::uint64_t bytes_done)> between;
};

/// Repeatable at any point, also after a kill -9: parts of older epochs are removed, a file that is there
/// already is hashed again. When it returns, the file survives a loss of power. Errors: no_space
/// `job.disk_full`, internal `upload.file`.
Assembled assemble(const AssembleRequest& request);

/// The assembled file of an upload that is gone. What is not there is no error.
void remove_upload_file(const std::string& files_folder, const Uid& upload);

}  // namespace sluice::storage
