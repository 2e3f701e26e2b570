// SPDX-License-Identifier: MIT
#include "jobs/imports/removal.hpp"

#include "core/db/block_table.hpp"
#include "core/db/cell_text_table.hpp"
#include "core/db/dataset_storage.hpp"
#include "core/db/import_column_table.hpp"
#include "core/db/import_note_table.hpp"
#include "core/db/reject_table.hpp"

namespace sluice::imports {
namespace {

constexpr std::uint32_t kRowsAtOnce = 1000;  // a commit of these disturbs nobody

void remove_side_tables(db::Connection& connection, std::uint64_t import_id) {
  while (db::delete_some_rejects(connection, import_id, kRowsAtOnce) == kRowsAtOnce) {
  }
  while (db::delete_some_column_stats(connection, import_id, kRowsAtOnce) == kRowsAtOnce) {
  }
  while (db::delete_some_notes(connection, import_id, kRowsAtOnce) == kRowsAtOnce) {
  }
  while (db::delete_some_blocks(connection, import_id, kRowsAtOnce) == kRowsAtOnce) {
  }
  while (db::delete_some_cell_texts(connection, import_id, kRowsAtOnce) == kRowsAtOnce) {
  }
}

}  // namespace

void remove_import(db::Connection& connection, const Config& config, const db::Import& import) {
  {
    db::Transaction transaction(connection);
    db::hide_import(transaction, import.id);
    transaction.commit();
  }
  if (import.dataset_id) {
    const auto dataset = db::load_dataset(connection, *import.dataset_id);
    if (dataset && dataset->created_by_job == import.job_id && !dataset->published_at) {
      db::drop_rows_table(connection, config.data_database(), dataset->id);
      db::Transaction transaction(connection);
      db::remove_unpublished_dataset(transaction, dataset->id);
      transaction.commit();
    } else if (db::rows_table_exists(connection, config.data_database(), *import.dataset_id)) {
      while (db::delete_some_rows(connection, config.data_database(), *import.dataset_id, import.id,
                                  kRowsAtOnce) == kRowsAtOnce) {
      }
    }
  }
  remove_side_tables(connection, import.id);
}

void remove_dataset(db::Connection& connection, const Config& config, std::uint64_t dataset_id) {
  db::drop_rows_table(connection, config.data_database(), dataset_id);
  for (const std::uint64_t import_id : db::import_ids_of_dataset(connection, dataset_id))
    remove_side_tables(connection, import_id);
  db::remove_deleted_dataset(connection, dataset_id);
}

}  // namespace sluice::imports
