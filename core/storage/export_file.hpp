// SPDX-License-Identifier: MIT
// ExportFile: the file an export writes. It grows as `.part/<uid>.<epoch>`, one name for each hold on the
// job, so a holder that was replaced scribbles on a file nobody publishes. Publishing: fsync, rename, fsync
// of the folder.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/compressor.hpp"
#include "core/base/digest.hpp"
#include "core/base/uid.hpp"
#include "core/base/unique_fd.hpp"

namespace sluice::storage {

/// How far a part is safe: what a checkpoint writes into `exports`.
struct PartMark {
  std::uint64_t epoch = 0;  ///< whose part
  std::uint64_t bytes = 0;  ///< [0, bytes) is on the disk
  std::uint32_t crc = 0;    ///< CRC-32 of those bytes (as in gzip)
  bool operator==(const PartMark&) const = default;
};

/// Where export files lie; `folder` is DATA_DIR/exports, parts are in `folder`/.part. Both are made when
/// absent.
struct ExportFolder {
  std::string folder;
  std::uint64_t reserve_bytes =
      0;  ///< kept free on the disk: below it append() refuses; 0 = greater of 5 % and 2 GiB
};

/// Takes its part away when it goes, unless a checkpoint counts it: nobody else could use it, and a holder
/// that was replaced would leave it for good. Used by one thread. Errors: no_space `job.disk_full` (the disk
/// or its reserve), internal `export.file` for all else.
class ExportFile {
 public:
  /// An empty part of this epoch.
  ExportFile(const ExportFolder& folder, const Uid& export_uid, std::uint64_t epoch);
  ExportFile(ExportFile&&) noexcept = default;
  ~ExportFile();

  /// A part of this epoch that starts with the checked bytes of an older one, copied into a new inode.
  /// Nothing when they are not there or their CRC differs. `between` is called at least every 8 MiB and may
  /// throw.
  static std::optional<ExportFile> take_over(const ExportFolder& folder, const Uid& export_uid,
                                             std::uint64_t epoch, const PartMark& mark,
                                             const std::function<void()>& between);

  void append(std::string_view bytes);
  std::uint64_t size() const { return size_; }
  /// What is written so far survives a loss of power; the mark says so.
  PartMark sync();

  /// The part stays when this goes: a checkpoint is about to count it.
  void keep() { kept_ = true; }

  struct Published {
    std::string name;  ///< of the file in `folder`: <uid hex>.<epoch>.csv[.gz|.zst]
    std::uint64_t bytes = 0;
    std::string sha256;  ///< 32 raw bytes, of the whole file
  };
  /// The part becomes the finished file; call nothing after it. Not visible to anybody before the job's row
  /// names it.
  Published publish(Compression compression);

  /// Removes all files of an export's epochs 1 to `last_epoch`. Repeatable.
  static void remove(const ExportFolder& folder, const Uid& export_uid, std::uint64_t last_epoch);

 private:
  void make_room(std::size_t bytes);
  void start_write_back();

  ExportFolder folder_;
  std::string stem_;  // <uid hex>.<epoch>
  std::uint64_t epoch_;
  UniqueFd parts_fd_;
  UniqueFd fd_;
  bool kept_ = false;
  std::uint64_t size_ = 0;
  std::uint64_t allocated_ = 0;   // bytes that the disk was asked for, counted from the start
  std::uint64_t on_the_way_ = 0;  // bytes whose write-back was started
  std::uint32_t crc_ = 0;
  Digest sha256_;
};

}  // namespace sluice::storage
