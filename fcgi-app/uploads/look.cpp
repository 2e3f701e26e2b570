// SPDX-License-Identifier: MIT
#include "fcgi-app/uploads/look.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/storage/upload_file.hpp"

namespace sluice::fcgi::uploads {
namespace {

constexpr std::uint64_t kBytesLookedAt = 1u << 20;
/// A second table may begin far down; what is skipped costs little.
constexpr std::uint64_t kBytesBehindSkippedLines = 16u << 20;

/// The first bytes of a source.
class Beginning final : public csv::ByteSource {
 public:
  Beginning(csv::ByteSource& source, std::uint64_t size)
      : source_(source), size_(std::min(source.size(), size)) {}
  std::uint64_t size() const override { return size_; }
  std::size_t read(std::uint64_t offset, std::span<char> into) override {
    if (offset >= size_) return 0;
    return source_.read(
        offset, into.first(static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), size_ - offset))));
  }

 private:
  csv::ByteSource& source_;
  std::uint64_t size_;
};

}  // namespace

std::unique_ptr<csv::ByteSource> bytes_of(db::Connection& connection, const Services& services,
                                          const db::Upload& upload) {
  std::vector<storage::StoredPiece> pieces;
  for (const db::Piece& piece : db::pieces_of(connection, upload.id))
    if (piece.length > 0) pieces.push_back({services.config.pieces_dir() + "/" + piece.file, piece.length});
  return storage::open_upload(services.config.files_dir(), upload.uid, std::move(pieces));
}

Look look_at(csv::ByteSource& source, const db::ImportOptions& options) {
  const bool skips = options.dialect.preamble_lines.value_or(0) > 0;
  Beginning beginning(source, skips ? kBytesBehindSkippedLines : kBytesLookedAt);
  csv::ScanOptions scan;
  scan.overrides = options.dialect;
  scan.types_as_text = options.types_as_text;
  scan.null_words = options.null_words();
  scan.explain_text = !skips;  // somebody waits: it reads the beginning once more
  Look look{*csv::detect_table(beginning, scan), beginning.size() == source.size()};
  const csv::DetectedDialect& detected = look.report.detected;
  if (detected.content == csv::Content::not_text)
    throw Error(Kind::invalid, "import.not_text", detected.reason, detected.reason);
  return look;
}

}  // namespace sluice::fcgi::uploads
