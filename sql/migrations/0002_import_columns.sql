-- SPDX-License-Identifier: MIT
-- What detection counted of each column of an import: GET /datasets/{uid} adds the published imports up.
CREATE TABLE IF NOT EXISTS import_columns(
  import_id BIGINT UNSIGNED NOT NULL,
  column_no INT UNSIGNED NOT NULL,                    -- of the dataset, from 0
  cells BIGINT UNSIGNED NOT NULL,
  nulls BIGINT UNSIGNED NOT NULL,
  least VARCHAR(400) NULL,                            -- of numbers (plain) and texts (the first 100 bytes); dates are in columns_json
  greatest VARCHAR(400) NULL,
  sketch TEXT CHARACTER SET ascii NOT NULL,           -- csv::DistinctSketch
  PRIMARY KEY(import_id, column_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
