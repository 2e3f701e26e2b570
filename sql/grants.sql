-- SPDX-License-Identifier: MIT
-- Rights of the three users, given by the server's administrator after each migration (none of the three may grant).
-- @DB@ is the database, @MIGRATE@ @RUNNER@ @WEB@ are accounts ('user'@'host'). None has FILE, SUPER or GRANT.
-- A GRANT takes no pattern for tables, hence the second database for the tables of datasets.
GRANT ALL PRIVILEGES ON `@DB@`.* TO @MIGRATE@;
GRANT ALL PRIVILEGES ON `@DB@_data`.* TO @MIGRATE@;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.* TO @RUNNER@;
GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, INDEX, ALTER ON `@DB@_data`.* TO @RUNNER@;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.* TO @WEB@;
GRANT SELECT ON `@DB@_data`.* TO @WEB@;
