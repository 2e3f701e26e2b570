// SPDX-License-Identifier: MIT
#include "fcgi-app/tus/append.hpp"

#include <algorithm>
#include <vector>

#include "core/base/clock.hpp"
#include "core/base/error.hpp"
#include "core/storage/piece_file.hpp"
#include "fcgi-app/tus/body_file.hpp"
#include "fcgi-app/tus/checksum.hpp"
#include "fcgi-app/tus/commit.hpp"
#include "fcgi-app/tus/room.hpp"

namespace sluice::fcgi::tus {
namespace {

constexpr std::uint64_t kPieceBytes = 8ULL << 20;
constexpr std::chrono::seconds kPieceTime{1};
constexpr std::size_t kBlock = 128 * 1024;

void require_room(const db::Upload& upload, std::uint64_t bytes, const Config& config) {
  const std::uint64_t most = upload.length                  ? *upload.length
                             : config.max_upload_bytes != 0 ? config.max_upload_bytes
                                                            : ~std::uint64_t{0} >> 1;
  if (bytes > most || upload.offset > most - bytes)
    throw Error(Kind::too_large, upload.length ? "upload.too_long" : "upload.max_size",
                std::to_string(bytes) + " bytes at " + std::to_string(upload.offset));
}

void require_few_pieces(db::Connection& connection, const db::Upload& upload, const Config& config) {
  if (db::count_pieces(connection, upload.id) >= config.max_pieces)
    throw Error(Kind::too_large, "upload.too_many_pieces", "the upload has as many pieces as it may have");
}

Appended result_of(const Committer& committer, bool complete, Appended::End end = Appended::End::whole) {
  return {committer.offset(), complete, committer.upload().expires_unix, end};
}

Appended append_file(Request& request, Committer& committer, const db::Upload& upload,
                     const Services& services) {
  const BodyFile body(request);
  require_room(committer.upload(), body.length(), services.config);
  if (auto checksum = Checksum::of(request)) body.require(*checksum);
  if (body.length() == 0) return result_of(committer, committer.commit(nullptr));
  const storage::PieceStore pieces(services.config.pieces_dir());
  storage::NewPiece piece = pieces.take(body.path(), body.length(), upload.uid, upload.offset);
  return result_of(committer, committer.commit(&piece));
}

/// A streamed body on its way into pieces.
class Stream {
 public:
  Stream(Request& request, const Actor& actor, Services& services, Committer& committer)
      : request_(request),
        actor_(actor),
        services_(services),
        committer_(committer),
        pieces_(services.config.pieces_dir()),
        checksum_(Checksum::of(request)),
        block_(kBlock) {}

  Appended run() {
    for (;;) {
      BodyReader::End end = BodyReader::End::more;
      const std::size_t n = request_.body->read(block_.data() + held_, block_.size() - held_, end);
      held_ += n;
      require_room(committer_.upload(), bytes_in_piece() + held_, services_.config);
      if (end == BodyReader::End::more) {
        if (held_ == block_.size() || is_due()) write();
        if (is_due() || bytes_in_piece() >= kPieceBytes) commit_if_allowed();
        continue;
      }
      write();
      if (end == BodyReader::End::idle) {
        commit_if_allowed();
        continue;
      }
      return finish(end);
    }
  }

 private:
  std::uint64_t bytes_in_piece() const { return piece_ ? piece_->length() : 0; }
  bool is_due() const { return (piece_ || held_ > 0) && BootClock::now() - begun_ >= kPieceTime; }

  void write() {
    if (held_ == 0) {
      if (!piece_) begun_ = BootClock::now();
      return;
    }
    if (!piece_) {
      piece_.emplace(pieces_.create(committer_.upload().uid, committer_.offset()));
      begun_ = BootClock::now();
    }
    if (checksum_) checksum_->update({block_.data(), held_});
    piece_->write({block_.data(), held_});
    held_ = 0;
  }

  /// With a checksum nothing counts before the end. The last byte counts only once it is known to be the
  /// last: more of them would make the whole request wrong.
  void commit_if_allowed() {
    if (checksum_ || !piece_) return;
    if (committer_.upload().length == committer_.offset() + bytes_in_piece()) return;
    commit();
  }

  bool commit() {
    if (piece_) {
      services_.db([&](db::Connection& c) {
        require_few_pieces(c, committer_.upload(), services_.config);
        if (committer_.upload().length) return;
        require_quota(c, actor_, services_.config, piece_->length());
        require_space(c, services_.config, 0);  // its bytes are on the disk already
      });
    }
    const bool complete = committer_.commit(piece_ ? &*piece_ : nullptr);
    piece_.reset();
    return complete;
  }

  Appended finish(BodyReader::End end) {
    const auto why = end == BodyReader::End::complete   ? Appended::End::whole
                     : end == BodyReader::End::stopping ? Appended::End::stopping
                                                        : Appended::End::cut;
    if (checksum_) {
      // A cut body cannot be checked: it keeps nothing.
      if (why != Appended::End::whole) return result_of(committer_, false, why);
      checksum_->require_match();
    }
    const bool complete = commit();
    return result_of(committer_, complete, complete ? Appended::End::whole : why);
  }

  Request& request_;
  const Actor& actor_;
  Services& services_;
  Committer& committer_;
  storage::PieceStore pieces_;
  std::optional<Checksum> checksum_;
  std::vector<char> block_;
  std::size_t held_ = 0;
  std::optional<storage::NewPiece> piece_;
  BootClock::time_point begun_ = BootClock::now();
};

}  // namespace

Appended append_body(Request& request, const Actor& actor, Services& services, const db::Upload& upload,
                     std::optional<std::uint64_t> new_length) {
  const bool streamed = request.body_file.empty();
  db::Upload known = upload;
  if (new_length) known.length = new_length;
  require_room(known, request.content_length.value_or(0), services.config);
  const auto ttl_s = static_cast<std::uint64_t>(services.config.upload_ttl.count());
  const auto epoch = services.db([&](db::Connection& connection) -> std::optional<std::uint64_t> {
    require_few_pieces(connection, upload, services.config);
    if (!known.length) {
      require_quota(connection, actor, services.config, request.content_length.value_or(0));
      require_space(connection, services.config, request.content_length.value_or(0));
    }
    if (!streamed) return std::nullopt;
    const auto begun = db::begin_stream(connection, upload.id, upload.offset, ttl_s);
    if (!begun) throw Error(Kind::conflict, "upload.offset_mismatch", "the offset has moved meanwhile");
    return begun;
  });
  Committer committer(request, actor, services, upload, epoch);
  if (new_length) committer.set_length(*new_length);
  if (!streamed) return append_file(request, committer, upload, services);
  return Stream(request, actor, services, committer).run();
}

}  // namespace sluice::fcgi::tus
