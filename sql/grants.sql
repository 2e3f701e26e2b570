-- SPDX-License-Identifier: MIT
-- Rights of the three users, table by table: what the statements of each need and nothing else. None has FILE, SUPER or
-- GRANT. @DB@ is the database, @MIGRATE@ @RUNNER@ @WEB@ are accounts ('user'@'host'). The stack gives them at each start of
-- its server (supervisor/stack.sh); another server's administrator after each upgrade. History is append-only: nobody may
-- change job_events, and only the runner, which forgets whole jobs when HISTORY_TTL is over, may delete from it.
-- A GRANT takes no pattern for tables, hence the second database for the tables of datasets.
GRANT ALL PRIVILEGES ON `@DB@`.* TO @MIGRATE@;
GRANT ALL PRIVILEGES ON `@DB@_data`.* TO @MIGRATE@;

-- The pools: no DDL, and no DELETE but of what they keep for themselves.
GRANT SELECT ON `@DB@`.schema_migrations TO @WEB@;
GRANT SELECT ON `@DB@`.users TO @WEB@;
GRANT SELECT, INSERT, UPDATE ON `@DB@`.uploads TO @WEB@;
GRANT SELECT ON `@DB@`.upload_space TO @WEB@;
GRANT SELECT, INSERT, DELETE ON `@DB@`.upload_pieces TO @WEB@;
GRANT SELECT, UPDATE ON `@DB@`.datasets TO @WEB@;
GRANT SELECT, INSERT, UPDATE ON `@DB@`.imports TO @WEB@;
GRANT SELECT ON `@DB@`.import_columns TO @WEB@;
GRANT SELECT ON `@DB@`.import_blocks TO @WEB@;
GRANT SELECT ON `@DB@`.import_notes TO @WEB@;
GRANT SELECT ON `@DB@`.rejects TO @WEB@;
GRANT SELECT ON `@DB@`.cell_texts TO @WEB@;
GRANT SELECT, INSERT, UPDATE ON `@DB@`.jobs TO @WEB@;
GRANT SELECT, INSERT ON `@DB@`.job_events TO @WEB@;
GRANT SELECT, INSERT, UPDATE ON `@DB@`.owner_load TO @WEB@;
GRANT SELECT, INSERT, DELETE ON `@DB@`.idempotency_keys TO @WEB@;
GRANT SELECT ON `@DB@`.runners TO @WEB@;
GRANT SELECT ON `@DB@`.counters TO @WEB@;
GRANT SELECT, INSERT, UPDATE ON `@DB@`.exports TO @WEB@;
GRANT SELECT ON `@DB@`.teams TO @WEB@;
GRANT SELECT ON `@DB@`.members TO @WEB@;
GRANT SELECT ON `@DB@`.memberships TO @WEB@;
GRANT SELECT, INSERT, UPDATE ON `@DB@`.team_imports TO @WEB@;
GRANT SELECT ON `@DB@`.team_import_rows TO @WEB@;
GRANT SELECT ON `@DB@_data`.* TO @WEB@;

-- The runners.
GRANT SELECT ON `@DB@`.schema_migrations TO @RUNNER@;
GRANT SELECT, UPDATE ON `@DB@`.users TO @RUNNER@;
GRANT SELECT, UPDATE ON `@DB@`.uploads TO @RUNNER@;
GRANT SELECT ON `@DB@`.upload_space TO @RUNNER@;
GRANT SELECT, DELETE ON `@DB@`.upload_pieces TO @RUNNER@;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.datasets TO @RUNNER@;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.imports TO @RUNNER@;
GRANT SELECT, INSERT, DELETE ON `@DB@`.import_columns TO @RUNNER@;
GRANT SELECT, INSERT, DELETE ON `@DB@`.import_blocks TO @RUNNER@;
GRANT SELECT, INSERT, DELETE ON `@DB@`.import_notes TO @RUNNER@;
GRANT SELECT, INSERT, DELETE ON `@DB@`.rejects TO @RUNNER@;
GRANT SELECT, INSERT, DELETE ON `@DB@`.cell_texts TO @RUNNER@;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.jobs TO @RUNNER@;
GRANT SELECT, INSERT, DELETE ON `@DB@`.job_events TO @RUNNER@;
GRANT SELECT, INSERT, UPDATE ON `@DB@`.owner_load TO @RUNNER@;
GRANT SELECT, DELETE ON `@DB@`.idempotency_keys TO @RUNNER@;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.runners TO @RUNNER@;
GRANT SELECT, INSERT, UPDATE ON `@DB@`.counters TO @RUNNER@;
GRANT SELECT, UPDATE, DELETE ON `@DB@`.exports TO @RUNNER@;
GRANT SELECT, INSERT, DELETE ON `@DB@`.teams TO @RUNNER@;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.members TO @RUNNER@;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.memberships TO @RUNNER@;
GRANT SELECT, UPDATE, DELETE ON `@DB@`.team_imports TO @RUNNER@;
GRANT SELECT, INSERT, UPDATE, DELETE ON `@DB@`.team_import_rows TO @RUNNER@;
GRANT SELECT, INSERT, DELETE, CREATE, DROP, ALTER ON `@DB@_data`.* TO @RUNNER@;
