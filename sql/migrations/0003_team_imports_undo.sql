-- SPDX-License-Identifier: MIT
-- Undo of a team import: what a row changed is kept as it was before, and an undo is a team import of its own.
ALTER TABLE team_import_rows
  ADD COLUMN IF NOT EXISTS before_name VARCHAR(200) NULL AFTER role,               -- of the member, if the row gives another one
  ADD COLUMN IF NOT EXISTS before_role ENUM('admin','member','viewer') NULL AFTER before_name;

ALTER TABLE team_imports
  ADD COLUMN IF NOT EXISTS undo_of BIGINT UNSIGNED NULL AFTER upload_id,           -- the job whose import this one takes back
  ADD COLUMN IF NOT EXISTS undone_at DATETIME(6) NULL AFTER applied_at,
  ADD KEY IF NOT EXISTS by_undo(undo_of);
