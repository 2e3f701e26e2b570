// SPDX-License-Identifier: MIT
// PieceStore: the immutable files that hold the bytes of uploads. A piece is <2 hex>/<upload,
// hex>/<start>-<random>, below one folder; it is written under its final name or renamed into it, and counts
// once a row names it. What no row names is removed by the sweep, so kill -9 at any point leaves at most a
// file too many.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/uid.hpp"
#include "core/base/unique_fd.hpp"

namespace sluice::storage {

/// A file that no row names yet: removed by the destructor unless kept.
class NewPiece {
 public:
  NewPiece(std::string folder, std::string file, UniqueFd fd)
      : folder_(std::move(folder)), file_(std::move(file)), fd_(std::move(fd)) {}
  NewPiece(NewPiece&& other) noexcept;
  NewPiece& operator=(NewPiece&&) = delete;
  ~NewPiece();

  const std::string& file() const { return file_; }  ///< relative to the folder of pieces
  std::uint64_t length() const { return length_; }
  /// Appends. Errors: no_space `upload.no_space`, internal `upload.piece`.
  void write(std::string_view bytes);
  /// Its bytes start on their way to the disk, so that a sync later on finds little to do (sync_file_range).
  void start_write_back();
  /// A row names it now (its transaction has committed).
  void keep() { kept_ = true; }

 private:
  friend class PieceStore;
  std::string folder_;
  std::string file_;
  UniqueFd fd_;
  std::uint64_t length_ = 0;
  bool kept_ = false;
};

/// Thread-safe: holds a path only.
class PieceStore {
 public:
  explicit PieceStore(std::string folder) : folder_(std::move(folder)) {}

  /// An empty piece to be written. Errors: no_space `upload.no_space`, internal `upload.piece`.
  NewPiece create(const Uid& upload, std::uint64_t start) const;
  /// Takes a whole file over by rename (same file system); the caller has checked what it is.
  NewPiece take(const std::string& path, std::uint64_t length, const Uid& upload, std::uint64_t start) const;

  /// The named files and their folders survive loss of power when this returns. Error internal
  /// `upload.piece`.
  void sync(std::span<const std::string> files) const;
  /// Missing ones are fine; the upload's folder goes with its last file.
  void remove(std::span<const std::string> files) const;

  const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
};

/// 16 raw bytes that are others after each restart of the machine.
const std::string& boot_id();

/// What is left for uploads on the file system of `folder`, after `min_free` bytes (0: the greater of 5 % and
/// 2 GiB).
std::uint64_t free_bytes(const std::string& folder, std::uint64_t min_free);

}  // namespace sluice::storage
