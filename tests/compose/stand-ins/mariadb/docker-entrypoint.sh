#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# As the public image: arguments that begin with a dash are mariadbd's; an empty volume becomes a database whose root has
# the password in the file MARIADB_ROOT_PASSWORD_FILE; started by root, all of that is done as mysql (999:999).
set -euo pipefail
if [ "${1:0:1}" = - ]; then set -- mariadbd "$@"; fi
if [ "$(id -u)" = 0 ]; then
  chown mysql: /var/lib/mysql /run/mysqld
  exec setpriv --reuid=mysql --regid=mysql --clear-groups "$0" "$@"
fi
if [ ! -d /var/lib/mysql/mysql ]; then
  mariadb-install-db --no-defaults --datadir=/var/lib/mysql --auth-root-authentication-method=normal --skip-test-db >/dev/null
  mariadbd --no-defaults --datadir=/var/lib/mysql --bootstrap <<SQL
FLUSH PRIVILEGES;
ALTER USER root@localhost IDENTIFIED BY '$(cat "$MARIADB_ROOT_PASSWORD_FILE")';
CREATE USER healthcheck@localhost, healthcheck@127.0.0.1;
SQL
fi
exec "$@"
