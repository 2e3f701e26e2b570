-- SPDX-License-Identifier: MIT
-- The check of a team file marks the first row of each team and e-mail, so that `apply` groups nothing and later rows of the
-- file find the earlier ones by one index instead of three: entries in random places are what a row costs most.
ALTER TABLE team_import_rows
  ADD COLUMN IF NOT EXISTS first_team_key VARBINARY(800) NULL AFTER before_role,        -- team_key, in the first good row that has it
  ADD COLUMN IF NOT EXISTS email_first BOOL NOT NULL DEFAULT FALSE AFTER first_team_key, -- the first good row with this e-mail
  ADD COLUMN IF NOT EXISTS makes_member BOOL NOT NULL DEFAULT FALSE AFTER email_first;  -- and there was no such member yet

UPDATE team_import_rows r JOIN (SELECT job_id, MIN(row_no) AS row_no FROM team_import_rows WHERE email_key IS NOT NULL
  GROUP BY job_id, email_key) f ON f.job_id = r.job_id AND f.row_no = r.row_no SET r.email_first = TRUE;

ALTER TABLE team_import_rows
  DROP KEY IF EXISTS by_email, DROP KEY IF EXISTS by_team, DROP KEY IF EXISTS by_pair,
  ADD KEY IF NOT EXISTS by_first_team(job_id, first_team_key),
  ADD KEY IF NOT EXISTS by_email_team(job_id, email_first, email_key, team_key);

-- What was checked without these marks is checked again before it is created.
UPDATE team_imports SET checked_version = NULL WHERE applied_at IS NULL;
