// SPDX-License-Identifier: MIT
// The one include of MariaDB Connector/C, and what we assume of it.
#pragma once
#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>

static_assert(MARIADB_PACKAGE_VERSION_ID >= 30300,
              "st_mysql_methods::db_command is used as Connector/C 3.3 has it");
