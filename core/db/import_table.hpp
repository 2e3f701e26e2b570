// SPDX-License-Identifier: MIT
// Table `imports`: one upload loaded into one dataset. Readers see those with published_at set and hidden_at
// not.
#pragma once
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
#include "core/db/job_table.hpp"
#include "core/db/transaction.hpp"

namespace sluice::db {

struct ImportRef {
  std::uint64_t id = 0;
  Uid uid;
};

/// The import that a job will make of an upload, in the transaction that queues the job (its run 1).
/// `options` is an object with any of: dataset, mode (new|append), load (auto|review), types (auto|text) of
/// the upload's metadata, and what POST /upload/{uid}/load takes (import_options.hpp). `replaces`: the import
/// that is hidden when this one is published ("load again").
ImportRef insert_import(Transaction& transaction, const Actor& actor, const JobRef& job,
                        std::uint64_t upload_id, const Json& options,
                        std::optional<std::uint64_t> replaces = {});

struct Import {
  std::uint64_t id = 0;
  Uid uid;
  std::uint64_t owner_id = 0;
  std::uint64_t job_id = 0;
  int run_no = 1;
  std::uint64_t upload_id = 0;
  std::optional<std::uint64_t> dataset_id;
  std::optional<std::uint64_t> replaces_import_id;
  Json options;
  std::optional<Json>
      dialect;  ///< {text, delimiter, quote, …}: `text` is csv::encode()'s; the rest is for people
  std::optional<Json> columns;  ///< array: what detection found of each column
  std::optional<Json> notices;  ///< array of sentences
  std::optional<bool> has_header;
  std::uint64_t records = 0, loaded = 0, rejected = 0, skipped = 0, repaired = 0;
  std::string created_at;                   ///< "2017-03-01 12:00:00.000000", UTC
  std::optional<std::string> published_at;  ///< the same
  std::optional<std::string> hidden_at;
  // Of the upload:
  Uid upload_uid;
  std::optional<std::string> filename;
};

std::optional<Import> find_import_of_run(Connection& connection, std::uint64_t job_id, int run_no);
/// The import of the job's latest run.
std::optional<Import> find_import_of_job(Connection& connection, std::uint64_t job_id);
/// Another run of a job that was cancelled and is started again: the same upload, options and replaced
/// import.
ImportRef insert_import_run(Transaction& transaction, std::uint64_t job_id, int run_no);
/// By its inner id, whatever its state.
std::optional<Import> find_import(Connection& connection, std::uint64_t id);
/// All imports that ever went into a dataset.
std::vector<std::uint64_t> import_ids_of_dataset(Connection& connection, std::uint64_t dataset_id);
/// All runs of a job, oldest first.
std::vector<Import> imports_of_job(Connection& connection, std::uint64_t job_id);
/// The upload's imports, newest first; also those not (yet) published.
std::vector<Import> imports_of_upload(Connection& connection, const Actor& actor, std::uint64_t upload_id);
/// Published, not hidden ones of a dataset, in the order of their ids (the order of rows in exports).
std::vector<Import> published_imports(Connection& connection, std::uint64_t dataset_id);
std::vector<std::uint64_t> published_import_ids(Connection& connection, std::uint64_t dataset_id);
/// A published one by its uid.
std::optional<Import> find_published_import(Connection& connection, const Actor& actor,
                                            std::uint64_t dataset_id, const Uid& uid);

/// What detection found. Written again when it runs again.
struct ImportFindings {
  Json dialect, columns, notices;
  bool has_header = false;
  std::uint64_t records = 0, skipped = 0, repaired = 0;
};
void record_findings(Transaction& transaction, std::uint64_t import_id, const ImportFindings& findings);
/// From then on the import belongs to a dataset.
void set_import_dataset(Transaction& transaction, std::uint64_t import_id, std::uint64_t dataset_id);
/// What the load came to, once it is verified.
void record_counts(Transaction& transaction, std::uint64_t import_id, std::uint64_t loaded,
                   std::uint64_t rejected, std::uint64_t skipped, std::uint64_t repaired);
void set_import_options(Transaction& transaction, std::uint64_t import_id, const Json& options);
void publish_import(Transaction& transaction, std::uint64_t import_id);
/// Undone, replaced or given up. False when it was hidden already.
bool hide_import(Transaction& transaction, std::uint64_t import_id);
/// Hides all imports of a dataset.
void hide_imports_of_dataset(Transaction& transaction, std::uint64_t dataset_id);

}  // namespace sluice::db
