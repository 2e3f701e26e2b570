-- SPDX-License-Identifier: MIT
-- No statement goes by this order (the least running is found by running / weight), but each start and each end of a job
-- would write it.
ALTER TABLE owner_load DROP INDEX IF EXISTS by_load;
