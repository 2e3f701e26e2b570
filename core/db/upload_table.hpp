// SPDX-License-Identifier: MIT
// Tables `uploads` and `upload_pieces`: what has arrived. `offset` is the truth, never a file's length: a
// piece counts once one transaction moved the offset over it by compare-and-swap.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/actor.hpp"
#include "core/base/json.hpp"
#include "core/base/uid.hpp"
#include "core/db/connection.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

enum class UploadState { open, complete, gone };
enum class Concat { no, partial, final };
enum class Purpose { import, team };

struct Upload {
  std::uint64_t id = 0;
  Uid uid;
  std::uint64_t owner_id = 0;
  UploadState state = UploadState::open;
  Concat concat = Concat::no;
  Purpose purpose = Purpose::import;
  std::optional<std::uint64_t> length;  ///< nothing: deferred
  std::uint64_t offset = 0;
  std::uint64_t synced_offset = 0;  ///< [0, synced_offset) survives loss of power; a border of pieces
  std::string boot_id;              ///< 16 raw bytes of the boot that wrote the rest
  std::string metadata;             ///< Upload-Metadata as it was given
  Json options;                     ///< dataset, mode, load, types: those that were given
  Json parts;                       ///< of a final upload: the uids of its partial ones, in order; else null
  std::optional<std::string> filename;
  std::optional<std::string> fingerprint;
  std::optional<std::string> sha256;  ///< 32 raw bytes, once assembled
  std::string created_at;             ///< RFC 3339 UTC, as the others
  std::optional<std::string> completed_at, assembled_at, expires_at;
  std::uint64_t expires_unix = 0;  ///< seconds; 0: never
  bool expired = false;            ///< past expires_at (a complete partial upload expires too)
};

struct Piece {
  std::uint64_t start = 0;
  std::uint64_t length = 0;
  std::string file;  ///< relative to the folder of pieces
};

struct NewUpload {
  Concat concat = Concat::no;
  Purpose purpose = Purpose::import;
  std::optional<std::uint64_t> length;
  std::uint64_t reserved_bytes = 0;
  std::string boot_id;
  std::string metadata;
  Json options = Json::object();
  std::optional<std::string> filename;
  std::optional<std::string> fingerprint;
  std::uint64_t ttl_s = 0;
};

/// An open one with offset 0.
Upload insert_upload(Transaction& transaction, const Actor& actor, const NewUpload& upload);

/// The actor's own, in any state; nothing for another's.
std::optional<Upload> find_upload(Connection& connection, const Actor& actor, const Uid& uid);
/// For jobs: by the uid alone.
std::optional<Upload> load_upload(Connection& connection, const Uid& uid);
std::optional<Upload> load_upload(Connection& connection, std::uint64_t id);

/// Its row is locked until the transaction ends.
std::optional<Upload> lock_upload(Transaction& transaction, std::uint64_t id);

/// Until the transaction ends nobody else reserves anything: what is read of open uploads and reserved bytes
/// holds. Called before anything else in the transaction, so that no two ever wait for each other.
void lock_space(Transaction& transaction);
struct OpenUploads {
  std::uint64_t count = 0;
  std::uint64_t bytes = 0;  ///< their lengths together; where that is deferred, what has arrived
};
/// Unfinished ones of the actor that have not expired.
OpenUploads open_uploads(Connection& connection, const Actor& actor);
/// Bytes that uploads of all owners are still going to write: pieces to come, and assembled files.
std::uint64_t bytes_still_reserved(Connection& connection);

/// True if the actor has a dataset of that name (case-blind) that can be appended to.
bool has_dataset(Connection& connection, const Actor& actor, std::string_view name);

/// A new streamed PATCH: raises the epoch, so that an older one can commit nothing more, and puts off the
/// expiry. Nothing when the upload is not open, or stands at another offset.
std::optional<std::uint64_t> begin_stream(Connection& connection, std::uint64_t id, std::uint64_t offset,
                                          std::uint64_t ttl_s);
/// Puts off the expiry of an open upload.
void put_off_expiry(Connection& connection, std::uint64_t id, std::uint64_t ttl_s);

struct Append {
  std::uint64_t upload_id = 0;
  Piece piece;                             ///< piece.start: the offset that must still be the present one
  std::optional<std::uint64_t> epoch;      ///< of a streamed PATCH
  std::optional<std::uint64_t> synced_to;  ///< all bytes before it are durable now
  std::string boot_id;
  std::uint64_t ttl_s = 0;
};
/// The compare-and-swap: moves the offset over the piece and records it. False: the offset, the state or the
/// epoch is another by now, or the length too small; nothing was changed.
bool append_piece(Transaction& transaction, const Append& append);
/// A deferred length becomes known. False: it was known, or is below the offset, or the upload is not open.
bool set_length(Transaction& transaction, std::uint64_t id, std::uint64_t length,
                std::uint64_t reserved_bytes);
/// open → complete, when the offset is the length. False: it is not. Only partial uploads can expire
/// afterwards.
bool complete_upload(Transaction& transaction, std::uint64_t id);

/// In the order of their offsets.
std::vector<Piece> pieces_of(Connection& connection, std::uint64_t id);
std::uint64_t count_pieces(Connection& connection, std::uint64_t id);
/// A final upload gets the pieces of a partial one, behind what it has (concatenation copies rows, no bytes).
void copy_pieces(Transaction& transaction, std::uint64_t from_id, std::uint64_t to_id,
                 std::uint64_t at_offset);
/// Length and offset of a final upload, once its pieces are there.
void set_final_length(Transaction& transaction, std::uint64_t id, std::uint64_t length,
                      std::uint64_t reserved_bytes);

/// After a restart of the machine: an open upload whose boot is another goes back to what was durable.
/// Returns the files that nobody names any more, to be removed after the commit. Nothing happens when
/// somebody was quicker.
std::vector<std::string> go_back_to_synced(Transaction& transaction, const Upload& upload,
                                           const std::string& boot_id);

/// Pieces of an open upload from `offset` on (a border of pieces) are not there any more: it goes back to it.
/// Returns files as go_back_to_synced does; nothing at all when it is not open.
std::optional<std::vector<std::string>> go_back_to(Transaction& transaction, std::uint64_t id,
                                                   std::uint64_t offset);

/// Terminated: `gone`, its pieces forgotten. Returns the files that nobody names any more, to be
/// removed after the commit; nothing at all when it was gone already.
std::optional<std::vector<std::string>> remove_upload(Transaction& transaction, std::uint64_t id);
/// The same, if it is past its expiry still: a PATCH may have put that off.
std::optional<std::vector<std::string>> remove_expired_upload(Transaction& transaction, std::uint64_t id);
/// Assembled into one file: sets sha256 and assembled_at and forgets the pieces; files as above. Nothing at
/// all when it is gone.
std::optional<std::vector<std::string>> mark_assembled(Transaction& transaction, std::uint64_t id,
                                                       std::string_view sha256);
/// True if any piece of any upload lies in this file.
bool is_named(Connection& connection, std::string_view file);
/// Ids of uploads past their expiry (open ones, and complete partial ones), for the sweep:
/// remove_expired_upload them.
std::vector<std::uint64_t> expired_uploads(Connection& connection, std::uint32_t limit);
/// Ids of all that are open, of all owners.
std::vector<std::uint64_t> open_upload_ids(Connection& connection);

struct UploadFilter {
  std::vector<UploadState> states;  ///< empty: open and complete
  std::optional<std::string> fingerprint;
};
struct UploadPlace {  ///< where a page of the list ends
  bool complete = false;
  std::uint64_t id = 0;
};
/// Unfinished ones first, newest first within. Partial uploads only while they are open; expired ones and
/// those for a team import never.
std::vector<Upload> list_uploads(Connection& connection, const Actor& actor, const UploadFilter& filter,
                                 std::uint32_t limit, const std::optional<UploadPlace>& after = {});

std::string_view name_of(UploadState state);
std::string_view name_of(Concat concat);
std::string_view name_of(Purpose purpose);

}  // namespace sluice::db
