-- SPDX-License-Identifier: MIT
-- The whole first schema. Times are DATETIME(6) UTC ending in _at; `id` inside, `uid` (16 random bytes) outside;
-- no foreign key points at `jobs` (a cancel would wait for a running batch). The rows of datasets lie in tables
-- ds_<id> of the second database.

CREATE TABLE IF NOT EXISTS users(
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(80) NOT NULL UNIQUE,
  teams_version BIGINT UNSIGNED NOT NULL DEFAULT 0,   -- raised by each applied team import: what a check was made against
  created_at DATETIME(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT IGNORE INTO users(id, name, created_at) VALUES(1, 'local', UTC_TIMESTAMP(6));

CREATE TABLE IF NOT EXISTS uploads(
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  uid BINARY(16) NOT NULL UNIQUE,
  owner_id BIGINT UNSIGNED NOT NULL,
  state ENUM('open','complete','gone') NOT NULL DEFAULT 'open',
  concat ENUM('no','partial','final') NOT NULL DEFAULT 'no',
  purpose ENUM('import','team') NOT NULL DEFAULT 'import',  -- what its last byte starts
  length BIGINT UNSIGNED NULL,                        -- NULL: deferred
  `offset` BIGINT UNSIGNED NOT NULL DEFAULT 0,        -- the truth; never a file's length
  epoch BIGINT UNSIGNED NOT NULL DEFAULT 0,           -- raised by each streamed PATCH
  reserved_bytes BIGINT UNSIGNED NOT NULL DEFAULT 0,
  synced_offset BIGINT UNSIGNED NOT NULL DEFAULT 0,
  boot_id BINARY(16) NULL,
  metadata BLOB NOT NULL,                             -- Upload-Metadata as it was given
  options JSON NOT NULL,                              -- the keys with a meaning: dataset, mode, load, types
  filename VARCHAR(255) NULL,
  fingerprint VARBINARY(128) NULL,
  sha256 BINARY(32) NULL,                             -- of the assembled file
  created_at DATETIME(6) NOT NULL,
  completed_at DATETIME(6) NULL,
  assembled_at DATETIME(6) NULL,
  expires_at DATETIME(6) NULL,
  KEY by_owner(owner_id, state, id),
  KEY by_fingerprint(owner_id, fingerprint),
  KEY by_expiry(state, expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS upload_pieces(
  upload_id BIGINT UNSIGNED NOT NULL,
  start_offset BIGINT UNSIGNED NOT NULL,
  length BIGINT UNSIGNED NOT NULL,
  file VARCHAR(255) NOT NULL,                         -- relative to the folder of pieces
  sha256 BINARY(32) NULL,
  PRIMARY KEY(upload_id, start_offset),
  KEY by_file(file)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS datasets(
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  uid BINARY(16) NOT NULL UNIQUE,
  owner_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(200) NOT NULL,
  name_key VARBINARY(800) NOT NULL,                   -- NFC, case folded
  layout ENUM('columns','packed') NOT NULL,
  columns_json LONGTEXT NOT NULL,                     -- per column: original name, shown name, type, rule, nullable …
  has_header BOOL NOT NULL,
  row_count BIGINT UNSIGNED NOT NULL DEFAULT 0,       -- of published imports
  created_by_job BIGINT UNSIGNED NULL,
  created_at DATETIME(6) NOT NULL,
  published_at DATETIME(6) NULL,                      -- NULL until its first import is published
  deleted_at DATETIME(6) NULL,                        -- hidden at once, dropped by the sweep
  UNIQUE KEY by_name(owner_id, name_key),
  KEY by_owner(owner_id, id),
  KEY by_deletion(deleted_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS imports(
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  uid BINARY(16) NOT NULL UNIQUE,
  owner_id BIGINT UNSIGNED NOT NULL,
  job_id BIGINT UNSIGNED NOT NULL,
  run_no INT NOT NULL DEFAULT 1,                      -- jobs.run_no it belongs to: a restart makes a new import
  upload_id BIGINT UNSIGNED NOT NULL,
  dataset_id BIGINT UNSIGNED NULL,                    -- NULL until detection is done
  replaces_import_id BIGINT UNSIGNED NULL,            -- "load again": hidden when this one is published
  options JSON NOT NULL,
  dialect_json LONGTEXT NULL,
  columns_json LONGTEXT NULL,
  notices_json LONGTEXT NULL,
  has_header BOOL NULL,
  records BIGINT UNSIGNED NOT NULL DEFAULT 0,         -- counted by detection
  loaded BIGINT UNSIGNED NOT NULL DEFAULT 0,
  rejected BIGINT UNSIGNED NOT NULL DEFAULT 0,
  skipped BIGINT UNSIGNED NOT NULL DEFAULT 0,
  repaired BIGINT UNSIGNED NOT NULL DEFAULT 0,
  created_at DATETIME(6) NOT NULL,
  published_at DATETIME(6) NULL,
  hidden_at DATETIME(6) NULL,                         -- undone, replaced or given up: no reader sees it
  UNIQUE KEY by_run(job_id, run_no),
  KEY by_dataset(dataset_id, id),
  KEY by_upload(upload_id, id),
  KEY by_hiding(hidden_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS rejects(
  import_id BIGINT UNSIGNED NOT NULL,
  record_no BIGINT UNSIGNED NOT NULL,                 -- of the file, from 1
  first_line BIGINT UNSIGNED NOT NULL,
  last_line BIGINT UNSIGNED NOT NULL,
  byte_offset BIGINT UNSIGNED NOT NULL,
  column_no INT UNSIGNED NULL,                        -- from 0
  code VARCHAR(40) NOT NULL,
  message VARCHAR(1000) NOT NULL,
  raw MEDIUMBLOB NOT NULL,                            -- the first 4 kB as they came
  PRIMARY KEY(import_id, record_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What happened to records that are no rejects: repaired ones with before and after, skipped ones.
CREATE TABLE IF NOT EXISTS import_notes(
  import_id BIGINT UNSIGNED NOT NULL,
  record_no BIGINT UNSIGNED NOT NULL,
  kind ENUM('repaired','skipped') NOT NULL,
  code VARCHAR(40) NOT NULL,
  first_line BIGINT UNSIGNED NOT NULL,
  last_line BIGINT UNSIGNED NOT NULL,
  byte_offset BIGINT UNSIGNED NOT NULL,
  before_text MEDIUMBLOB NULL,
  after_text MEDIUMBLOB NULL,
  PRIMARY KEY(import_id, record_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The sparse side store: cells that have a value of their column's type but are written otherwise.
CREATE TABLE IF NOT EXISTS cell_texts(
  import_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,
  column_no INT UNSIGNED NOT NULL,
  text LONGTEXT NULL,                                 -- NULL: a bare empty field in a column whose NULL looks otherwise
  PRIMARY KEY(import_id, row_no, column_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS import_blocks(
  import_id BIGINT UNSIGNED NOT NULL,
  block_no INT UNSIGNED NOT NULL,
  byte_offset BIGINT UNSIGNED NOT NULL,
  first_record BIGINT UNSIGNED NOT NULL,
  first_row BIGINT UNSIGNED NOT NULL,                 -- row_no of its first row; rows of the blocks before it + 1
  row_count BIGINT UNSIGNED NOT NULL,
  position_json VARCHAR(1000) NOT NULL,               -- where a reader starts
  ranges_json MEDIUMTEXT NOT NULL,                    -- least and greatest of each date column
  PRIMARY KEY(import_id, block_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS jobs(
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  uid BINARY(16) NOT NULL UNIQUE,
  owner_id BIGINT UNSIGNED NOT NULL,
  kind ENUM('import','team','export','sweep') NOT NULL,
  state ENUM('queued','running','paused','succeeded','failed','cancelled') NOT NULL,
  want ENUM('run','pause','cancel') NOT NULL DEFAULT 'run',
  want_seq INT UNSIGNED NOT NULL DEFAULT 0,
  priority TINYINT NOT NULL DEFAULT 5,                -- lower goes first
  due_at DATETIME(6) NOT NULL,
  bell_at DATETIME(6) NULL,                           -- outbox: NULL = no ring owed
  epoch BIGINT UNSIGNED NOT NULL DEFAULT 0,
  lease_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
  runner_id BIGINT UNSIGNED NULL,
  connection_id BIGINT UNSIGNED NULL,                 -- the holder's working connection, to be killed first
  attempt INT NOT NULL DEFAULT 0,
  max_attempts INT NOT NULL DEFAULT 5,
  crash_count INT NOT NULL DEFAULT 0,
  run_no INT NOT NULL DEFAULT 1,
  params JSON NOT NULL,
  cursor_json LONGTEXT NULL,
  phase VARCHAR(16) NULL,
  records_done BIGINT UNSIGNED NOT NULL DEFAULT 0,
  records_total BIGINT UNSIGNED NULL,
  bytes_done BIGINT UNSIGNED NOT NULL DEFAULT 0,
  bytes_total BIGINT UNSIGNED NULL,
  records_per_second DOUBLE NULL,                     -- smoothed by the runner, of the present phase
  bytes_per_second DOUBLE NULL,
  result JSON NULL,
  error_code VARCHAR(40) NULL,
  error_detail VARCHAR(2000) NULL,                    -- the sentence for the user
  cleanup_pending BOOL NOT NULL DEFAULT 0,
  request_id VARCHAR(64) NULL,
  created_at DATETIME(6) NOT NULL,
  started_at DATETIME(6) NULL,
  finished_at DATETIME(6) NULL,
  expires_at DATETIME(6) NULL,
  KEY pick(state, owner_id, priority, id),
  KEY bell(bell_at),
  KEY live(state, runner_id),
  KEY by_owner(owner_id, id),
  KEY ttl(expires_at),
  KEY clean(cleanup_pending)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS job_events(
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  job_id BIGINT UNSIGNED NOT NULL,
  created_at DATETIME(6) NOT NULL,
  actor VARCHAR(80) NOT NULL,
  event VARCHAR(24) NOT NULL,
  epoch BIGINT UNSIGNED NOT NULL,
  detail JSON NULL,
  KEY by_job(job_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS idempotency_keys(
  owner_id BIGINT UNSIGNED NOT NULL,
  idempotency_key VARBINARY(255) NOT NULL,
  request_sha256 BINARY(32) NOT NULL,                 -- of method, path and body
  status SMALLINT UNSIGNED NOT NULL,
  location VARCHAR(200) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  expires_at DATETIME(6) NOT NULL,
  PRIMARY KEY(owner_id, idempotency_key),
  KEY by_expiry(expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS owner_load(
  owner_id BIGINT UNSIGNED PRIMARY KEY,
  queued INT NOT NULL DEFAULT 0,
  running INT NOT NULL DEFAULT 0,
  weight INT NOT NULL DEFAULT 1,
  last_start_at DATETIME(6) NOT NULL,
  KEY by_load(running, last_start_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS runners(
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(80) NOT NULL,                          -- runner_00 …, quarantine_00 …
  host VARCHAR(64) NOT NULL,
  slot INT NOT NULL,                                  -- its lock file is RUN_DIR/slot-<slot>.lock
  pid INT NOT NULL,
  boot_id BINARY(16) NOT NULL,
  generation VARCHAR(64) NOT NULL,                    -- of supervisord: no crash is counted when it went down too
  server_started_at DATETIME(6) NULL,                 -- of MariaDB: connection ids begin anew after a restart
  beat_seq BIGINT UNSIGNED NOT NULL DEFAULT 0,
  draining BOOL NOT NULL DEFAULT 0,
  started_at DATETIME(6) NOT NULL,
  seen_at DATETIME(6) NOT NULL,                       -- for people; decides nothing
  ended_at DATETIME(6) NULL,
  KEY by_slot(host, slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS exports(
  job_id BIGINT UNSIGNED PRIMARY KEY,
  owner_id BIGINT UNSIGNED NOT NULL,
  dataset_id BIGINT UNSIGNED NOT NULL,
  request_json JSON NOT NULL,                         -- what was asked for, defaults filled in
  request_sha256 BINARY(32) NOT NULL,                 -- the same request again is found by it
  imports_json LONGTEXT NOT NULL,                     -- the imports that were published when it was asked for
  part_epoch BIGINT UNSIGNED NULL,
  part_bytes BIGINT UNSIGNED NOT NULL DEFAULT 0,
  part_crc INT UNSIGNED NULL,
  file VARCHAR(255) NULL,                             -- relative to the data folder
  row_count BIGINT UNSIGNED NULL,
  bytes BIGINT UNSIGNED NULL,
  sha256 BINARY(32) NULL,
  expires_at DATETIME(6) NULL,
  deleted_at DATETIME(6) NULL,
  KEY by_owner(owner_id, job_id),
  KEY by_dataset(dataset_id),
  KEY by_request(owner_id, request_sha256),
  KEY by_expiry(expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS teams(
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  uid BINARY(16) NOT NULL UNIQUE,
  owner_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(200) NOT NULL,
  name_key VARBINARY(800) NOT NULL,                   -- NFC, case folded
  created_by_job BIGINT UNSIGNED NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE KEY by_name(owner_id, name_key),
  KEY by_owner(owner_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS members(
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  uid BINARY(16) NOT NULL UNIQUE,
  owner_id BIGINT UNSIGNED NOT NULL,
  name VARCHAR(200) NOT NULL,
  email VARCHAR(254) NOT NULL,
  email_key VARBINARY(1016) NOT NULL,                 -- case folded
  created_by_job BIGINT UNSIGNED NULL,
  created_at DATETIME(6) NOT NULL,
  UNIQUE KEY by_email(owner_id, email_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS memberships(
  team_id BIGINT UNSIGNED NOT NULL,
  member_id BIGINT UNSIGNED NOT NULL,
  owner_id BIGINT UNSIGNED NOT NULL,
  role ENUM('admin','member','viewer') NOT NULL DEFAULT 'member',
  created_by_job BIGINT UNSIGNED NULL,
  created_at DATETIME(6) NOT NULL,
  PRIMARY KEY(team_id, member_id),
  KEY by_member(member_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS team_imports(
  job_id BIGINT UNSIGNED PRIMARY KEY,
  owner_id BIGINT UNSIGNED NOT NULL,
  upload_id BIGINT UNSIGNED NOT NULL,
  dry_run BOOL NOT NULL,
  on_error ENUM('abort','skip') NOT NULL DEFAULT 'abort',
  mapping_json LONGTEXT NULL,                         -- which column is team, name, email, role; which were ignored
  checked_version BIGINT UNSIGNED NULL,               -- users.teams_version the check was made against
  checked_at DATETIME(6) NULL,
  applied_at DATETIME(6) NULL,
  total BIGINT UNSIGNED NOT NULL DEFAULT 0,
  created BIGINT UNSIGNED NOT NULL DEFAULT 0,
  updated BIGINT UNSIGNED NOT NULL DEFAULT 0,
  unchanged BIGINT UNSIGNED NOT NULL DEFAULT 0,
  errors BIGINT UNSIGNED NOT NULL DEFAULT 0,
  teams_created BIGINT UNSIGNED NOT NULL DEFAULT 0,
  KEY by_owner(owner_id, job_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS team_import_rows(
  job_id BIGINT UNSIGNED NOT NULL,
  row_no BIGINT UNSIGNED NOT NULL,                    -- record of the file, header not counted, from 1
  line BIGINT UNSIGNED NOT NULL,                      -- first physical line
  raw LONGTEXT NOT NULL,                              -- the record's fields as they came, a CSV record
  surplus LONGTEXT NOT NULL DEFAULT '',               -- fields beyond the header's, the same way
  team VARCHAR(200) NULL,
  team_key VARBINARY(800) NULL,
  name VARCHAR(200) NULL,
  email VARCHAR(254) NULL,
  email_key VARBINARY(1016) NULL,
  role ENUM('admin','member','viewer') NULL,
  status ENUM('unchecked','created','updated','unchanged','error') NOT NULL,
  errors_json LONGTEXT NULL,
  PRIMARY KEY(job_id, row_no),
  KEY by_status(job_id, status, row_no),
  KEY by_email(job_id, email_key, row_no),            -- keys of good rows only: those with errors have none
  KEY by_team(job_id, team_key, row_no),
  KEY by_pair(job_id, team_key, email_key, row_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
