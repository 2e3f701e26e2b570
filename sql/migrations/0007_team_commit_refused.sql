-- SPDX-License-Identifier: MIT
-- Of imports that are committed at the same time one is applied; the others rest in review again, and say why.
ALTER TABLE team_imports ADD COLUMN IF NOT EXISTS commit_refused VARCHAR(40) NULL AFTER on_error; -- code, until the next commit
