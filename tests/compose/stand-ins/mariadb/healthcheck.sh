#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# As the public image: every check that is named must hold. --connect asks over TCP, so that a server which only makes
# the database, without network, is not taken for the real one.
set -euo pipefail
query() { mariadb --no-defaults --user=healthcheck --skip-column-names --batch "$@"; }
for check; do
  case $check in
    --connect) query --protocol=tcp --host=127.0.0.1 -e 'SELECT 1' >/dev/null ;;
    --innodb_initialized)
      [ "$(query -e "SELECT COUNT(*) FROM information_schema.engines WHERE engine = 'InnoDB' AND support <> 'NO'")" = 1 ] ;;
    *) echo "healthcheck.sh: unknown check $check" >&2; exit 64 ;;
  esac
done
