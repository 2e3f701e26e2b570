// SPDX-License-Identifier: MIT
// What a backup needs of the database, and what makes a restored one true: the main database is as it was
// when its dump began, the tables of datasets were dumped afterwards, and the runners of that time are no
// more.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/uid.hpp"
#include "core/db/connection.hpp"

namespace sluice::db {

/// Ids of datasets whose table is there.
std::vector<std::uint64_t> rows_tables(Connection& connection, const std::string& data_database);
/// Nothing was ever uploaded, loaded or created: a backup may take the place of what is there.
bool is_unused(Connection& connection);

/// Unfinished jobs get into a state that no runner holds. Imports that were loading, and exports, begin anew,
/// for their unpublished rows and parts are in no backup; what they left in the main database is cleaned up.
void begin_unfinished_anew(Connection& connection);
/// Rows that no visible import of the main database has, and tables of no dataset, go.
void remove_unpublished_rows(Connection& connection, const std::string& data_database);

/// What was removed while the backup ran is removed here too: its rows, pieces or files did not come along.
void give_up_import(Connection& connection, std::uint64_t import_id, std::uint64_t dataset_id);
void give_up_dataset(Connection& connection, std::uint64_t dataset_id);
void give_up_upload(Connection& connection, const Uid& upload);
void give_up_export(Connection& connection, const Uid& job);

/// A piece that an unfinished upload promises.
struct OwedPiece {
  Uid upload;
  std::string file;  ///< relative to the folder of pieces
  std::uint64_t length = 0;
};
std::vector<OwedPiece> owed_pieces(Connection& connection);
/// Rows of upload_pieces whose upload is gone.
void forget_pieces_of_gone_uploads(Connection& connection);

}  // namespace sluice::db
