-- SPDX-License-Identifier: MIT
-- What /metrics tells of the job engine: counters and histograms of all runners, and when a lease was last renewed
-- (for people: leases are timed by their observers, no clock decides).
CREATE TABLE IF NOT EXISTS counters(
  name VARCHAR(40) NOT NULL,
  part VARCHAR(10) NOT NULL DEFAULT '',               -- of a histogram: the bucket's upper bound, or sum
  value DOUBLE NOT NULL,
  PRIMARY KEY(name, part)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

ALTER TABLE jobs ADD COLUMN IF NOT EXISTS leased_at DATETIME(6) NULL AFTER connection_id;
