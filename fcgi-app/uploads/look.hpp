// SPDX-License-Identifier: MIT
// What detection makes of the beginning of an upload, for requests that cannot wait for a job.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include "core/csv/byte_source.hpp"
#include "core/csv/table_scan.hpp"
#include "core/db/connection.hpp"
#include "core/db/import_options.hpp"
#include "core/db/upload_table.hpp"
#include "fcgi-app/services.hpp"

namespace sluice::fcgi::uploads {

/// The bytes that are there, as pieces or assembled. Asks the database now, opens the files when it is read.
std::unique_ptr<csv::ByteSource> bytes_of(db::Connection& connection, const Services& services,
                                          const db::Upload& upload);

struct Look {
  csv::TableReport report;
  bool whole = false;  ///< all bytes were looked at
};
/// Looks at the first MiB (16 MiB when lines are to be skipped). Error invalid `import.not_text` when it is
/// no text.
Look look_at(csv::ByteSource& source, const db::ImportOptions& options);

}  // namespace sluice::fcgi::uploads
