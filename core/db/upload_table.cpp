// SPDX-License-Identifier: MIT
#include "core/db/upload_table.hpp"

#include <algorithm>

#include "core/base/fold.hpp"
#include "core/db/job_table.hpp"

namespace sluice::db {
namespace {

#define UPLOAD_COLUMNS                                                                                       \
  "id, uid, owner_id, state, concat, purpose, length, `offset`, synced_offset, boot_id, metadata, options, " \
  "filename, fingerprint, sha256, created_at, completed_at, assembled_at, expires_at, "                      \
  "UNIX_TIMESTAMP(expires_at) DIV 1, state <> 'gone' AND expires_at IS NOT NULL AND expires_at <= "          \
  "UTC_TIMESTAMP(6)"

constexpr const char* kInsert =
    "INSERT INTO uploads(uid, owner_id, concat, purpose, length, reserved_bytes, boot_id, metadata, options, "
    "filename, "
    "fingerprint, created_at, expires_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(6), "
    "UTC_TIMESTAMP(6) + INTERVAL ? SECOND)";
constexpr const char* kFindOwn = "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE uid = ? AND owner_id = ?";
constexpr const char* kFindByUid = "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE uid = ?";
constexpr const char* kFindById = "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE id = ?";
constexpr const char* kLock = "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE id = ? FOR UPDATE";
constexpr const char* kOpen =
    "SELECT COUNT(*), COALESCE(SUM(GREATEST(COALESCE(length, 0), `offset`)), 0) FROM uploads "
    "WHERE owner_id = ? AND state = 'open' AND (expires_at IS NULL OR "
    "expires_at > UTC_TIMESTAMP(6))";
// A complete upload still needs its assembled file; the pieces are counted by the file system already.
constexpr const char* kReserved =
    "SELECT COALESCE(SUM(reserved_bytes - LEAST(`offset`, reserved_bytes)), 0) FROM uploads "
    "WHERE reserved_bytes > 0";
constexpr const char* kLockSpace = "SELECT id FROM upload_space WHERE id = 1 FOR UPDATE";
constexpr const char* kHasDataset =
    "SELECT 1 FROM datasets WHERE owner_id = ? AND name_key = ? AND published_at IS NOT NULL AND deleted_at "
    "IS NULL";
constexpr const char* kBeginStream =
    "UPDATE uploads SET epoch = LAST_INSERT_ID(epoch + 1), expires_at = GREATEST(expires_at, "
    "UTC_TIMESTAMP(6) + INTERVAL ? SECOND) "
    "WHERE id = ? AND `offset` = ? AND state = 'open'";
constexpr const char* kPutOff =
    "UPDATE uploads SET expires_at = GREATEST(expires_at, UTC_TIMESTAMP(6) + INTERVAL ? SECOND) WHERE id = ? "
    "AND state = 'open'";
constexpr const char* kAppend =
    "UPDATE uploads SET `offset` = `offset` + ?, synced_offset = GREATEST(synced_offset, ?), boot_id = ?, "
    "expires_at = UTC_TIMESTAMP(6) + INTERVAL ? SECOND "
    "WHERE id = ? AND `offset` = ? AND state = 'open' AND (length IS NULL OR ? + ? <= length) AND (? IS NULL "
    "OR epoch = ?)";
constexpr const char* kInsertPiece =
    "INSERT INTO upload_pieces(upload_id, start_offset, length, file) VALUES(?, ?, ?, ?)";
constexpr const char* kSetLength =
    "UPDATE uploads SET length = ?, reserved_bytes = ? WHERE id = ? AND state = 'open' AND length IS NULL "
    "AND `offset` <= ?";
constexpr const char* kComplete =
    "UPDATE uploads SET state = 'complete', completed_at = UTC_TIMESTAMP(6), synced_offset = `offset`, "
    "reserved_bytes = IF(concat = 'partial', 0, reserved_bytes), expires_at = IF(concat = 'partial', "
    "expires_at, NULL) "
    "WHERE id = ? AND state = 'open' AND length = `offset`";
constexpr const char* kPieces =
    "SELECT start_offset, length, file FROM upload_pieces WHERE upload_id = ? ORDER BY start_offset";
constexpr const char* kCountPieces = "SELECT COUNT(*) FROM upload_pieces WHERE upload_id = ?";
constexpr const char* kCopyPieces =
    "INSERT INTO upload_pieces(upload_id, start_offset, length, file) "
    "SELECT ?, start_offset + ?, length, file FROM upload_pieces WHERE upload_id = ?";
constexpr const char* kSetFinal =
    "UPDATE uploads SET length = ?, `offset` = ?, reserved_bytes = ? WHERE id = ? AND concat = 'final'";
constexpr const char* kGoBack =
    "UPDATE uploads SET `offset` = synced_offset, boot_id = ?, epoch = epoch + 1 WHERE id = ? AND state = "
    "'open' AND boot_id = ?";
constexpr const char* kPiecesFrom =
    "SELECT start_offset, length, file FROM upload_pieces WHERE upload_id = ? AND start_offset >= ?";
constexpr const char* kForgetFrom = "DELETE FROM upload_pieces WHERE upload_id = ? AND start_offset >= ?";
constexpr const char* kRemove =
    "UPDATE uploads SET state = 'gone', epoch = epoch + 1, reserved_bytes = 0 WHERE id = ? AND state <> "
    "'gone'";
constexpr const char* kRemoveExpired =
    "UPDATE uploads SET state = 'gone', epoch = epoch + 1, reserved_bytes = 0 WHERE id = ? AND state <> "
    "'gone' AND expires_at <= UTC_TIMESTAMP(6)";
constexpr const char* kGoBackTo =
    "UPDATE uploads SET `offset` = ?, synced_offset = LEAST(synced_offset, ?), epoch = epoch + 1 WHERE id = "
    "? "
    "AND state = 'open' AND `offset` >= ?";
constexpr const char* kOpenIds = "SELECT id FROM uploads WHERE state = 'open'";
constexpr const char* kAssembled =
    "UPDATE uploads SET sha256 = ?, assembled_at = UTC_TIMESTAMP(6), reserved_bytes = 0 WHERE id = ? "
    "AND state = 'complete'";
constexpr const char* kIsNamed = "SELECT 1 FROM upload_pieces WHERE file = ? LIMIT 1";
constexpr const char* kExpired =
    "SELECT id FROM uploads WHERE state IN ('open', 'complete') AND expires_at <= UTC_TIMESTAMP(6) LIMIT ?";

UploadState parse_state(std::string_view name) {
  return name == "open" ? UploadState::open : name == "complete" ? UploadState::complete : UploadState::gone;
}
Concat parse_concat(std::string_view name) {
  return name == "partial" ? Concat::partial : name == "final" ? Concat::final : Concat::no;
}

std::optional<std::string> maybe_time(const Row& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return rfc3339_of(row.text(column));
}

/// What a final upload was put together from is stored beside its options, but is none of its import.
void read_options(Upload& upload, const Json& stored) {
  upload.options = Json::object();
  for (const auto& [name, value] : stored.members()) {
    if (name == "parts")
      upload.parts = value;
    else
      upload.options.set(name, value);
  }
}

Upload upload_from(const Row& row) {
  Upload upload;
  upload.id = row.u64(0);
  upload.uid = row.uid(1);
  upload.owner_id = row.u64(2);
  upload.state = parse_state(row.text(3));
  upload.concat = parse_concat(row.text(4));
  upload.purpose = row.text(5) == "team" ? Purpose::team : Purpose::import;
  upload.length = row.maybe_u64(6);
  upload.offset = row.u64(7);
  upload.synced_offset = row.u64(8);
  upload.boot_id = row.maybe_text(9).value_or("");
  upload.metadata = row.text(10);
  read_options(upload, parse_stored_json(row.text(11)));
  upload.filename = row.maybe_text(12);
  upload.fingerprint = row.maybe_text(13);
  upload.sha256 = row.maybe_text(14);
  upload.created_at = rfc3339_of(row.text(15));
  upload.completed_at = maybe_time(row, 16);
  upload.assembled_at = maybe_time(row, 17);
  upload.expires_at = maybe_time(row, 18);
  upload.expires_unix = row.maybe_u64(19).value_or(0);
  upload.expired = !row.is_null(20) && row.flag(20);
  return upload;
}

std::optional<Upload> maybe_upload(const std::optional<Row>& row) {
  if (!row) return std::nullopt;
  return upload_from(*row);
}

/// Forgets the upload's pieces from `start` on; returns those of their files that no other row names.
std::vector<std::string> forget_pieces(Transaction& transaction, std::uint64_t id, std::uint64_t start) {
  Connection& connection = transaction;
  const Rows rows = connection.select(kPiecesFrom, {id, start});
  connection.execute(kForgetFrom, {id, start});
  std::vector<std::string> files;
  for (const Row& row : rows)
    if (!is_named(connection, row.text(2))) files.push_back(row.text(2));
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

}  // namespace

std::string_view name_of(UploadState state) {
  return state == UploadState::open ? "open" : state == UploadState::complete ? "complete" : "gone";
}
std::string_view name_of(Concat concat) {
  return concat == Concat::no ? "no" : concat == Concat::partial ? "partial" : "final";
}
std::string_view name_of(Purpose purpose) {
  return purpose == Purpose::import ? "import" : "team";
}

Upload insert_upload(Transaction& transaction, const Actor& actor, const NewUpload& upload) {
  Connection& connection = transaction;
  const std::string options = upload.options.text();
  const std::uint64_t id =
      connection
          .execute(kInsert, {Uid::random(), actor.owner_id, name_of(upload.concat), name_of(upload.purpose),
                             upload.length, upload.reserved_bytes, upload.boot_id, upload.metadata, options,
                             upload.filename, upload.fingerprint, upload.ttl_s})
          .insert_id;
  return upload_from(connection.select_one(kFindById, {id}).value());
}

std::optional<Upload> find_upload(Connection& connection, const Actor& actor, const Uid& uid) {
  return maybe_upload(connection.select_one(kFindOwn, {uid, actor.owner_id}));
}
std::optional<Upload> load_upload(Connection& connection, const Uid& uid) {
  return maybe_upload(connection.select_one(kFindByUid, {uid}));
}
std::optional<Upload> load_upload(Connection& connection, std::uint64_t id) {
  return maybe_upload(connection.select_one(kFindById, {id}));
}

std::optional<Upload> lock_upload(Transaction& transaction, std::uint64_t id) {
  return maybe_upload(transaction.connection().select_one(kLock, {id}));
}

void lock_space(Transaction& transaction) {
  if (!transaction.connection().select_one(kLockSpace))
    throw Error(Kind::internal, "upload.space", "the row of upload_space is missing");
}

OpenUploads open_uploads(Connection& connection, const Actor& actor) {
  const Row row = connection.select_one(kOpen, {actor.owner_id}).value();
  return {row.u64(0), row.u64(1)};
}

std::uint64_t bytes_still_reserved(Connection& connection) {
  return connection.select_one(kReserved)->u64(0);
}

bool has_dataset(Connection& connection, const Actor& actor, std::string_view name) {
  const std::string key = name_key(name);
  return connection.select_one(kHasDataset, {actor.owner_id, key}).has_value();
}

std::optional<std::uint64_t> begin_stream(Connection& connection, std::uint64_t id, std::uint64_t offset,
                                          std::uint64_t ttl_s) {
  if (connection.execute(kBeginStream, {ttl_s, id, offset}).rows != 1) return std::nullopt;
  return connection.select_one("SELECT LAST_INSERT_ID()")->u64(0);
}

void put_off_expiry(Connection& connection, std::uint64_t id, std::uint64_t ttl_s) {
  connection.execute(kPutOff, {ttl_s, id});
}

bool append_piece(Transaction& transaction, const Append& append) {
  Connection& connection = transaction;
  const Piece& piece = append.piece;
  const Effect moved = connection.execute(
      kAppend, {piece.length, append.synced_to.value_or(0), append.boot_id, append.ttl_s, append.upload_id,
                piece.start, piece.start, piece.length, append.epoch, append.epoch});
  if (moved.rows != 1) return false;
  if (piece.length > 0)
    connection.execute(kInsertPiece, {append.upload_id, piece.start, piece.length, piece.file});
  return true;
}

bool set_length(Transaction& transaction, std::uint64_t id, std::uint64_t length,
                std::uint64_t reserved_bytes) {
  return transaction.connection().execute(kSetLength, {length, reserved_bytes, id, length}).rows == 1;
}

bool complete_upload(Transaction& transaction, std::uint64_t id) {
  return transaction.connection().execute(kComplete, {id}).rows == 1;
}

std::vector<Piece> pieces_of(Connection& connection, std::uint64_t id) {
  std::vector<Piece> pieces;
  for (const Row& row : connection.select(kPieces, {id}))
    pieces.push_back({row.u64(0), row.u64(1), row.text(2)});
  return pieces;
}

std::uint64_t count_pieces(Connection& connection, std::uint64_t id) {
  return connection.select_one(kCountPieces, {id})->u64(0);
}

void copy_pieces(Transaction& transaction, std::uint64_t from_id, std::uint64_t to_id,
                 std::uint64_t at_offset) {
  transaction.connection().execute(kCopyPieces, {to_id, at_offset, from_id});
}

void set_final_length(Transaction& transaction, std::uint64_t id, std::uint64_t length,
                      std::uint64_t reserved_bytes) {
  transaction.connection().execute(kSetFinal, {length, length, reserved_bytes, id});
}

std::vector<std::string> go_back_to_synced(Transaction& transaction, const Upload& upload,
                                           const std::string& boot_id) {
  if (transaction.connection().execute(kGoBack, {boot_id, upload.id, upload.boot_id}).rows != 1) return {};
  return forget_pieces(transaction, upload.id, upload.synced_offset);
}

std::optional<std::vector<std::string>> remove_upload(Transaction& transaction, std::uint64_t id) {
  if (transaction.connection().execute(kRemove, {id}).rows != 1) return std::nullopt;
  return forget_pieces(transaction, id, 0);
}

std::optional<std::vector<std::string>> remove_expired_upload(Transaction& transaction, std::uint64_t id) {
  if (transaction.connection().execute(kRemoveExpired, {id}).rows != 1) return std::nullopt;
  return forget_pieces(transaction, id, 0);
}

std::optional<std::vector<std::string>> go_back_to(Transaction& transaction, std::uint64_t id,
                                                   std::uint64_t offset) {
  if (transaction.connection().execute(kGoBackTo, {offset, offset, id, offset}).rows != 1)
    return std::nullopt;
  return forget_pieces(transaction, id, offset);
}

std::optional<std::vector<std::string>> mark_assembled(Transaction& transaction, std::uint64_t id,
                                                       std::string_view sha256) {
  if (transaction.connection().execute(kAssembled, {sha256, id}).rows != 1) return std::nullopt;
  return forget_pieces(transaction, id, 0);
}

std::vector<std::uint64_t> open_upload_ids(Connection& connection) {
  std::vector<std::uint64_t> ids;
  for (const Row& row : connection.select(kOpenIds)) ids.push_back(row.u64(0));
  return ids;
}

bool is_named(Connection& connection, std::string_view file) {
  return connection.select_one(kIsNamed, {file}).has_value();
}

std::vector<std::uint64_t> expired_uploads(Connection& connection, std::uint32_t limit) {
  std::vector<std::uint64_t> ids;
  for (const Row& row : connection.select(kExpired, {limit})) ids.push_back(row.u64(0));
  return ids;
}

namespace {

/// Uploads of one state, newest first, with id < `before`; both queries of a page run along an index.
void append_uploads(std::vector<Upload>& uploads, Connection& connection, const Actor& actor,
                    const UploadFilter& filter, UploadState state, std::uint32_t limit,
                    std::optional<std::uint64_t> before) {
  std::string sql =
      "SELECT " UPLOAD_COLUMNS " FROM uploads WHERE owner_id = ? AND state = ? AND purpose = 'import' ";
  std::vector<Value> values{actor.owner_id, name_of(state)};
  sql += state == UploadState::open ? "AND (expires_at IS NULL OR expires_at > UTC_TIMESTAMP(6)) "
                                    : "AND concat <> 'partial' ";
  if (filter.fingerprint) {
    sql += "AND fingerprint = ? ";
    values.emplace_back(*filter.fingerprint);
  }
  if (before) {
    sql += "AND id < ? ";
    values.emplace_back(*before);
  }
  sql += "ORDER BY id DESC LIMIT ?";
  values.emplace_back(limit);
  for (const Row& row : connection.select(sql, values)) uploads.push_back(upload_from(row));
}

}  // namespace

std::vector<Upload> list_uploads(Connection& connection, const Actor& actor, const UploadFilter& filter,
                                 std::uint32_t limit, const std::optional<UploadPlace>& after) {
  const auto wanted = [&](UploadState state) {
    return filter.states.empty() ||
           std::find(filter.states.begin(), filter.states.end(), state) != filter.states.end();
  };
  std::vector<Upload> uploads;
  const bool in_open = !after || !after->complete;
  if (in_open && wanted(UploadState::open))
    append_uploads(uploads, connection, actor, filter, UploadState::open, limit,
                   after ? std::optional(after->id) : std::nullopt);
  const auto left = limit - static_cast<std::uint32_t>(uploads.size());
  if (left > 0 && wanted(UploadState::complete))
    append_uploads(uploads, connection, actor, filter, UploadState::complete, left,
                   in_open ? std::nullopt : std::optional(after->id));
  return uploads;
}

}  // namespace sluice::db
