-- SPDX-License-Identifier: MIT
-- What is reserved for uploads is exact, also with creations at the same time: whoever reserves holds this one row until
-- its commit. And reserved_bytes is 0 where nothing more is to come, so that the sum reads few rows.
CREATE TABLE IF NOT EXISTS upload_space(
  id TINYINT UNSIGNED PRIMARY KEY
) ENGINE=InnoDB;
INSERT IGNORE INTO upload_space(id) VALUES(1);
UPDATE uploads SET reserved_bytes = 0
  WHERE reserved_bytes > 0 AND (state = 'gone' OR assembled_at IS NOT NULL OR (state = 'complete' AND concat = 'partial'));
ALTER TABLE uploads ADD INDEX IF NOT EXISTS by_reserve(reserved_bytes);

-- Pieces are immutable and checked as a whole when they are assembled; nobody ever filled this.
ALTER TABLE upload_pieces DROP COLUMN IF EXISTS sha256;
