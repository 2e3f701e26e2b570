// SPDX-License-Identifier: MIT
// Table `exports`: what was asked for, which imports it reads, how far its file has come, and the finished
// file.
#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/actor.hpp"
#include "core/base/json.hpp"
#include "core/base/uid.hpp"
#include "core/db/connection.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

/// What an export of a dataset reads.
struct ExportSources {
  std::vector<std::uint64_t> import_ids;  ///< published, in this order
  std::uint64_t bytes = 0;                ///< of the files that they came from
};
ExportSources export_sources(Connection& connection, std::uint64_t dataset_id);

struct NewExport {
  std::uint64_t job_id = 0;
  std::uint64_t dataset_id = 0;
  Json request;                           ///< what was asked for, defaults filled in
  std::string request_sha256;             ///< 32 raw bytes; equal for equal requests over equal imports
  std::vector<std::uint64_t> import_ids;  ///< what is read, in this order, whatever is published later
};
void insert_export(Transaction& transaction, const Actor& actor, const NewExport& new_export);

/// How far the part is safe on the disk.
struct ExportPart {
  std::uint64_t epoch = 0;
  std::uint64_t bytes = 0;
  std::uint32_t crc = 0;
};

struct Export {
  std::uint64_t job_id = 0;
  std::uint64_t dataset_id = 0;
  Json request;
  std::vector<std::uint64_t> import_ids;
  std::optional<ExportPart> part;
  std::optional<std::string> file;  ///< name in the folder of exports; nothing until it succeeded
  std::optional<std::uint64_t> rows;
  std::optional<std::uint64_t> bytes;
  std::optional<std::string> sha256;      ///< 32 raw bytes
  std::optional<std::string> expires_at;  ///< RFC 3339 UTC
  bool expired = false;                   ///< by the database's clock
  bool deleted = false;                   ///< by its owner or the sweep: the file is gone or going
  bool has_file() const { return file && !expired && !deleted; }
};

std::optional<Export> find_export(Connection& connection, std::uint64_t job_id);
/// In any order; those that do not exist are left out.
std::vector<Export> find_exports(Connection& connection, std::span<const std::uint64_t> job_ids);

/// The actor's newest export of the same request that is queued, running or paused, older than `before_job`;
/// looked for among the newest few of that request. Two that are made at the same moment may not see each
/// other.
std::optional<Uid> find_same_export(Connection& connection, const Actor& actor,
                                    std::string_view request_sha256, std::uint64_t before_job);

// Of the runner, in the transaction that the fence ends.
void set_export_part(Transaction& transaction, std::uint64_t job_id, const ExportPart& part);
struct FinishedExport {
  std::string file;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::string sha256;
};
void finish_export(Transaction& transaction, std::uint64_t job_id, const FinishedExport& finished,
                   std::chrono::seconds kept_for);
/// Another choice of imports, before the first row is read.
void set_export_imports(Transaction& transaction, std::uint64_t job_id,
                        std::span<const std::uint64_t> import_ids);
/// A cancelled export begins from zero when it is started again.
void forget_export_part(Connection& connection, std::uint64_t job_id);

/// The file is not to be had any more, from now on. False: it was so already.
bool mark_export_deleted(Connection& connection, std::uint64_t job_id);

// For the sweep.
struct ExpiredExport {
  std::uint64_t job_id = 0;
  Uid uid;
  std::uint64_t epoch = 0;  ///< of its last hold
};
/// Finished exports whose time is over and whose file was not taken away yet.
std::vector<ExpiredExport> expired_exports(Connection& connection, std::uint32_t limit);
/// True while an export that is queued, running or paused (or failed and may be retried) reads this import.
bool import_is_pinned(Connection& connection, std::uint64_t dataset_id, std::uint64_t import_id);
/// The same for any import of a dataset.
bool dataset_is_pinned(Connection& connection, std::uint64_t dataset_id);

}  // namespace sluice::db
