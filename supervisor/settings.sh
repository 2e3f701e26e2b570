# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034 # set here, exported at the end of settings
# Sourced: every setting of a stack, from the environment or its default. `settings` fills in and exports what is not
# given; it changes nothing on disk. The programs read the same names (core/base/config, docs/operating.md).

SLUICE_CLONE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PATH=$PATH:/usr/sbin:/sbin # where Debian keeps nginx and mariadbd, not in everybody's path
: "${SLUICE_PORT:=8081}"
# who everything runs as: nothing of the stack is ever root
if [ "$(id -u)" = 0 ]; then : "${SLUICE_USER:=sluice}"; else SLUICE_USER=$(id -un); fi

# One word for this clone and port: two stacks of one machine never share a folder.
stack_hash() { printf '%s %s' "$SLUICE_CLONE" "$SLUICE_PORT" | sha256sum | cut -c1-8; }

# own_folder BASE: BASE itself for the first stack on the default port, BASE-<hash> for all others. The file `clone` in
# it (written by prepare_state) tells whose it is.
own_folder() {
  local base=$1 hashed
  hashed=$base-$(stack_hash)
  if [ -d "$hashed" ] || [ "$SLUICE_PORT" != 8081 ]; then echo "$hashed"
  elif [ ! -e "$base" ] || [ "$(cat "$base/clone" 2>/dev/null)" = "$SLUICE_CLONE" ]; then echo "$base"
  else echo "$hashed"; fi
}

as_user() {
  if [ "$(id -un)" = "$SLUICE_USER" ]; then "$@"; else runuser -u "$SLUICE_USER" -- "$@"; fi
}

# require_counts NAME…: those that are set. They go into sums before any program has looked at them.
require_counts() {
  local name
  for name; do
    if [ -z "${!name:-}" ] || [[ ${!name} =~ ^[1-9][0-9]{0,4}$ ]]; then continue; fi
    echo "$name is \"${!name}\": it must be a whole number from 1 to 99999." >&2
    exit 2
  done
}

settings() {
  local cpus
  cpus=$(nproc)
  # loopback only, as long as there are no accounts: whoever reaches the port may do everything
  : "${SLUICE_LISTEN:=127.0.0.1}"
  : "${SLUICE_AUTH:=off}"
  : "${SLUICE_PUBLISH:=$SLUICE_LISTEN:$SLUICE_PORT}"
  # --- folders ---
  # RUN_DIR: sockets and pid files; short, because a Unix socket's path ends at 107 bytes.
  if [ -z "${SLUICE_RUN_DIR:-}" ]; then
    if [ "$(id -u)" = 0 ]; then SLUICE_RUN_DIR=$(own_folder /run/sluice)
    elif [ -d "${XDG_RUNTIME_DIR:-/none}" ]; then SLUICE_RUN_DIR=$(own_folder "$XDG_RUNTIME_DIR/sluice")
    else SLUICE_RUN_DIR=$(own_folder "/tmp/sluice-$(id -u)"); fi
  fi
  # STATE_DIR: databases, secrets, logs. APP_DIR: the programs, pages and configuration that run. Both are the clone's
  # where the stack's user can reach it.
  if [ -z "${SLUICE_STATE_DIR:-}" ]; then
    if clone_is_reachable; then
      SLUICE_STATE_DIR=$SLUICE_CLONE/var
      [ "$SLUICE_PORT" = 8081 ] || SLUICE_STATE_DIR=$SLUICE_CLONE/var/port-$SLUICE_PORT
    else
      SLUICE_STATE_DIR=$(own_folder /var/lib/sluice)
    fi
  fi
  if [ -z "${SLUICE_APP_DIR:-}" ]; then
    if clone_is_reachable; then SLUICE_APP_DIR=$SLUICE_CLONE; else SLUICE_APP_DIR=$SLUICE_STATE_DIR/app; fi
  fi
  : "${SLUICE_DATA_DIR:=$SLUICE_STATE_DIR/data}"
  : "${SLUICE_LOG_DIR:=$SLUICE_STATE_DIR/log}"
  local secrets=$SLUICE_STATE_DIR/secrets

  # --- how many ---
  require_counts SLUICE_{WEB,STREAM,RUNNER}_PROCS SLUICE_{WEB,STREAM}_THREADS SLUICE_STREAM_{CONNECTIONS,PER_ADDRESS} SLUICE_MAX_JOBS
  : "${SLUICE_WEB_PROCS:=$((2 * cpus + 1))}" "${SLUICE_WEB_THREADS:=4}"
  : "${SLUICE_STREAM_PROCS:=2}" "${SLUICE_STREAM_THREADS:=128}"
  : "${SLUICE_RUNNER_PROCS:=4}" "${SLUICE_MAX_JOBS:=20}"
  SLUICE_RUNNER_SLOTS=$(((SLUICE_MAX_JOBS + SLUICE_RUNNER_PROCS - 1) / SLUICE_RUNNER_PROCS))
  : "${SLUICE_STREAM_PER_ADDRESS:=200}" # streamed bodies at once from one address, then 503

  # --- MariaDB and Redis: private ones unless an address is given ---
  if [ -n "${SLUICE_DB_HOST:-}" ]; then SLUICE_LOCAL_SERVERS=no; fi
  : "${SLUICE_LOCAL_SERVERS:=yes}"
  : "${SLUICE_DB_NAME:=sluice}" # the rows of datasets lie in a second database, sluice_data
  : "${SLUICE_DB_MIGRATE_USER:=sluice_migrate}" "${SLUICE_DB_MIGRATE_PASSWORD_FILE:=$secrets/db_migrate}"
  : "${SLUICE_DB_RUNNER_USER:=sluice_runner}" "${SLUICE_DB_RUNNER_PASSWORD_FILE:=$secrets/db_runner}"
  : "${SLUICE_DB_WEB_USER:=sluice_web}" "${SLUICE_DB_WEB_PASSWORD_FILE:=$secrets/db_web}"
  : "${SLUICE_REDIS_USER:=sluice}" "${SLUICE_REDIS_PASSWORD_FILE:=$secrets/redis}"
  if [ "$SLUICE_LOCAL_SERVERS" = yes ]; then
    : "${SLUICE_DB_SOCKET:=$SLUICE_RUN_DIR/mariadb.sock}" # another one: a proxy's, before that
    SLUICE_REDIS_URL=unix://$SLUICE_RUN_DIR/redis.sock
    : "${SLUICE_DB_BUFFER_POOL:=512M}" "${SLUICE_DB_LOG_SIZE:=512M}"
    # Every connection that may be open at once: of a process of the pools one for each thread (pool stream: as many as it
    # shares) and one that syncs; of a runner two for each slot (a second loader) and six that watch; some for people and
    # sluicectl. The quarantine is a runner of two slots.
    : "${SLUICE_DB_CONNECTIONS:=$((SLUICE_WEB_PROCS * (SLUICE_WEB_THREADS + 1) + SLUICE_STREAM_PROCS * (${SLUICE_STREAM_CONNECTIONS:-8} + 1) +
      (SLUICE_RUNNER_PROCS * SLUICE_RUNNER_SLOTS + 2) * 2 + (SLUICE_RUNNER_PROCS + 1) * 6 + 40))}"
  fi
  # conf.d always, local.d for the private servers; programs other than those start once the schema is there
  SLUICE_SUPERVISOR_FILES='conf.d/*.conf'
  if [ "$SLUICE_LOCAL_SERVERS" = yes ]; then SLUICE_SUPERVISOR_FILES="conf.d/*.conf local.d/*.conf"; fi
  : "${SLUICE_AUTOSTART:=false}"

  local name
  for name in $(compgen -v SLUICE_); do export "${name?}"; done
}

# Can the user of the stack read the clone and walk into it?
clone_is_reachable() { as_user test -r "$SLUICE_CLONE/supervisor/settings.sh" 2>/dev/null; }
