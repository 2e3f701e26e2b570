// SPDX-License-Identifier: MIT
#include "core/db/error.hpp"

#include "core/db/mariadb.hpp"

namespace sluice::db {
namespace {

struct Meaning {
  Kind kind;
  const char* code;
};

Meaning meaning_of(unsigned number) {
  if (number >= CR_MIN_ERROR && number <= CR_MAX_ERROR && number != CR_OUT_OF_MEMORY)
    return {Kind::unavailable, "db.unavailable"};
  switch (number) {
    case ER_LOCK_WAIT_TIMEOUT:
    case ER_LOCK_DEADLOCK:
    case ER_CHECKREAD:  // innodb_snapshot_isolation: the row changed under the snapshot
      return {Kind::unavailable, "db.conflict"};
    case ER_QUERY_INTERRUPTED:
      return {Kind::unavailable, "db.interrupted"};
    case ER_STATEMENT_TIMEOUT:
      return {Kind::unavailable, "db.too_slow"};
    case ER_CON_COUNT_ERROR:
    case ER_TOO_MANY_USER_CONNECTIONS:
    case ER_SERVER_SHUTDOWN:
    case ER_NORMAL_SHUTDOWN:
    case ER_CONNECTION_KILLED:
      return {Kind::unavailable, "db.unavailable"};
    case ER_DISK_FULL:
    case ER_RECORD_FILE_FULL:
      return {Kind::no_space, "db.disk_full"};
    case ER_DUP_ENTRY:
      return {Kind::conflict, "db.duplicate"};
    default:
      return {Kind::internal, "db.statement"};
  }
}

}  // namespace

DatabaseError::DatabaseError(unsigned number, std::string message)
    : Error(meaning_of(number).kind, meaning_of(number).code,
            std::to_string(number) + " " + std::move(message)),
      number_(number) {}

}  // namespace sluice::db
