// SPDX-License-Identifier: MIT
// What ought to be on the disk and in the tables of datasets, for `sluicectl verify` and the sweep of
// orphans.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/base/uid.hpp"
#include "core/db/connection.hpp"

namespace sluice::db {

/// A file that a row promises.
struct PromisedFile {
  Uid owner;         ///< the upload or export
  std::string name;  ///< exports: in the folder of exports; uploads: empty, storage names it by the uid
  std::optional<std::uint64_t> bytes;
  std::optional<std::string> sha256;  ///< raw
};
/// Uploads that have been assembled and are not gone.
std::vector<PromisedFile> assembled_uploads(Connection& connection);
/// Exports whose file can be had.
std::vector<PromisedFile> finished_exports(Connection& connection);

struct PromisedPiece {
  std::string file;  ///< relative to the folder of pieces
  std::uint64_t length = 0;
};
std::vector<PromisedPiece> stored_pieces(Connection& connection);

struct PromisedRows {
  Uid import_uid;
  std::uint64_t import_id = 0;
  std::uint64_t dataset_id = 0;
  std::uint64_t loaded = 0;
};
/// Published imports that readers see, of datasets that are there.
std::vector<PromisedRows> published_imports(Connection& connection);
/// Rows in ds_<dataset_id> of that import; nothing when the table is not there.
std::optional<std::uint64_t> count_rows(Connection& connection, const std::string& data_database,
                                        const PromisedRows& rows);

struct Contradiction {
  std::string what;  ///< for people
  Uid job;
};
/// Jobs whose row contradicts itself or what it made.
std::vector<Contradiction> contradictory_jobs(Connection& connection);

}  // namespace sluice::db
