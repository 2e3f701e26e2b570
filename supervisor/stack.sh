# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced by ./sluice, by the container's entry and by the tests: the steps from settings to a serving stack, and back.
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

say() { printf '%s\n' "$*" >&2; }
die() { say "sluice: $*"; exit 1; }

# wait_for SECONDS COMMAND…: until the command succeeds.
wait_for() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$deadline" ] || return 1
    sleep 0.1
  done
}

# --- folders, secrets, first contents ---------------------------------------------------------------------------------

prepare_state() {
  mkdir -p "$SLUICE_STATE_DIR" "$SLUICE_RUN_DIR"
  chmod 0750 "$SLUICE_RUN_DIR"
  echo "$SLUICE_CLONE" >"$SLUICE_RUN_DIR/clone"
  echo "$SLUICE_CLONE" >"$SLUICE_STATE_DIR/clone"
  mkdir -p "$SLUICE_LOG_DIR" "$SLUICE_STATE_DIR"/{secrets,conf} "$SLUICE_DATA_DIR"/{uploads/{incoming,pieces,files},exports,tmp}
  chmod 0700 "$SLUICE_STATE_DIR/secrets"
  local name
  if [ "$SLUICE_LOCAL_SERVERS" = yes ]; then
    for name in db_migrate db_runner db_web redis; do make_secret "$SLUICE_STATE_DIR/secrets/$name"; done
  fi
  own "$SLUICE_RUN_DIR" "$SLUICE_LOG_DIR" "$SLUICE_STATE_DIR"/{secrets,conf} "$SLUICE_DATA_DIR"
}

# 32 random bytes as hex, made once; no newline, so that every reader takes the same bytes.
make_secret() {
  [ -s "$1" ] || (umask 077 && head -c 32 /dev/urandom | od -An -vtx1 | tr -d ' \n' >"$1")
}

# As root: hand folders to the stack's user. Only what is not its own already is touched.
own() {
  [ "$(id -u)" = 0 ] || return 0
  find "$@" ! -user "$SLUICE_USER" -exec chown -h "$SLUICE_USER": {} +
}

# The private servers' data and accounts. The accounts are set anew at each start of MariaDB (--init-file).
prepare_servers() {
  local state=$SLUICE_STATE_DIR
  mkdir -p "$state/redis"
  if [ ! -d "$state/mariadb/mysql" ]; then
    rm -rf "$state/mariadb"
    if [ -d "${SLUICE_DB_TEMPLATE:-}" ]; then cp -r --sparse=always "$SLUICE_DB_TEMPLATE" "$state/mariadb"
    else "$SLUICE_CLONE/supervisor/local.d/make-database" "$state/mariadb" "$SLUICE_USER"; fi
  fi
  (umask 077 && database_accounts >"$state/secrets/accounts.sql" && redis_accounts >"$state/secrets/redis.acl" &&
    client_options >"$state/secrets/migrate.cnf")
  own "$state/mariadb" "$state/redis" "$state/secrets"
}

# One statement a line: mariadbd reads its --init-file so. The rights are those of sql/grants.sql, anew at each start. At
# the first one there are no tables yet, and only a GRANT with CREATE takes the name of one that is not there.
database_accounts() {
  local role user name password_file database
  for database in "$SLUICE_DB_NAME" "${SLUICE_DB_NAME}_data"; do
    echo "CREATE DATABASE IF NOT EXISTS \`$database\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;"
  done
  local table='\(`@DB@`\.[a-z_]*\)'
  local rights=(-e "/^--/d" -e "/^$/d" -e "s/^GRANT \(.*\) ON $table TO \(.*\);/GRANT \1, CREATE ON \2 TO \3; REVOKE CREATE ON \2 FROM \3;/"
    -e 's/; REVOKE/;\nREVOKE/' -e "s/@DB@/$SLUICE_DB_NAME/g")
  for role in MIGRATE RUNNER WEB; do
    name=SLUICE_DB_${role}_USER password_file=SLUICE_DB_${role}_PASSWORD_FILE
    user="'${!name}'@'${SLUICE_DB_ACCOUNT_HOST:-localhost}'"
    echo "CREATE USER IF NOT EXISTS $user;"
    echo "ALTER USER $user IDENTIFIED BY '$(cat "${!password_file}")';"
    echo "REVOKE ALL PRIVILEGES, GRANT OPTION FROM $user;"
    rights+=(-e "s/@$role@/$user/g")
  done
  sed "${rights[@]}" "$SLUICE_CLONE/sql/grants.sql"
}

# One account with the commands that Sluice needs, on its own keys and channels: no FLUSHALL, CONFIG or EVAL.
redis_accounts() {
  local hash
  hash=$(sha256sum <"$SLUICE_REDIS_PASSWORD_FILE" | cut -d' ' -f1)
  echo "user default off"
  echo "user $SLUICE_REDIS_USER on #$hash ~sluice:* &sluice:* -@all +ping +info +auth +xadd +xreadgroup" \
    "+xgroup|create +xlen +xtrim +publish +subscribe +unsubscribe"
}

client_options() { printf '[client]\nuser=%s\npassword=%s\n' "$SLUICE_DB_MIGRATE_USER" "$(cat "$SLUICE_DB_MIGRATE_PASSWORD_FILE")"; }

# Where the stack's user cannot reach the clone, what runs is copied to where it can.
prepare_app() {
  [ "$SLUICE_APP_DIR" != "$SLUICE_CLONE" ] || return 0
  local file
  mkdir -p "$SLUICE_APP_DIR"
  for file in nginx supervisor sql data-sample html/dist build/release/{fcgi-app/sluice-fcgi,jobs/sluice-runner,ctl/sluicectl}; do
    [ -e "$SLUICE_CLONE/$file" ] || continue
    mkdir -p "$SLUICE_APP_DIR/$(dirname "$file")"
    rm -rf "${SLUICE_APP_DIR:?}/$file.new" # a running program keeps its old file; the new one takes the name
    cp -a "$SLUICE_CLONE/$file" "$SLUICE_APP_DIR/$file.new"
    rm -rf "${SLUICE_APP_DIR:?}/$file"
    mv "$SLUICE_APP_DIR/$file.new" "$SLUICE_APP_DIR/$file"
  done
  chmod 0755 "$SLUICE_STATE_DIR" "$SLUICE_APP_DIR"
  own "$SLUICE_APP_DIR"
}

# --- supervisord ------------------------------------------------------------------------------------------------------

program() { echo "$SLUICE_APP_DIR/build/release/$1"; }

# The stack sees the settings and nothing else of the caller's environment.
clean_environment() {
  local name pairs=()
  for name in $(compgen -e SLUICE_); do pairs+=("$name=${!name}"); done
  as_user env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TZ=UTC \
    HOME="$SLUICE_STATE_DIR" "${pairs[@]}" "$@"
}

supervisorctl_() { clean_environment supervisorctl -c "$SLUICE_APP_DIR/supervisor/supervisord.conf" "$@"; }
sluicectl_() { clean_environment "$(program ctl/sluicectl)" "$@"; }

supervisord_runs() {
  local pid
  pid=$(cat "$SLUICE_RUN_DIR/supervisord.pid" 2>/dev/null) && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = supervisord ] &&
    as_user test "/proc/$pid/cwd" -ef "$SLUICE_RUN_DIR"
}

mariadb_answers() {
  as_user mariadb-admin --defaults-extra-file="$SLUICE_STATE_DIR/secrets/migrate.cnf" --socket="$SLUICE_DB_SOCKET" ping
}

redis_answers() {
  as_user env REDISCLI_AUTH="$(cat "$SLUICE_REDIS_PASSWORD_FILE")" redis-cli -s "$SLUICE_RUN_DIR/redis.sock" --user "$SLUICE_REDIS_USER" ping | grep -q PONG
}

serves() { curl -fs -o /dev/null --max-time 2 "http://127.0.0.1:$SLUICE_PORT/readyz"; }

# What is running may be older than what is there: `shape` is what only a new start brings in, `code` the programs.
shape_of() {
  { env | grep '^SLUICE_' | sort; cd "$SLUICE_APP_DIR" && find nginx supervisor sql/grants.sql -type f -exec sha256sum {} + | sort; } | sha256sum
}
code_of() { (cd "$SLUICE_APP_DIR" && stat -c '%n %Y %s' build/release/{fcgi-app/sluice-fcgi,jobs/sluice-runner,ctl/sluicectl} 2>/dev/null) | sha256sum; }

start_stack() {
  local shape code
  prepare_state
  prepare_app
  sluicectl_ config >/dev/null || die "a setting is wrong; nothing was started, and nothing that runs was touched"
  [ "$SLUICE_LOCAL_SERVERS" = no ] || prepare_servers
  shape=$(shape_of) code=$(code_of)
  if supervisord_runs && [ "$(cat "$SLUICE_RUN_DIR/shape" 2>/dev/null)" != "$shape" ]; then
    say "Settings or configuration changed: starting anew"
    stop_stack
    prepare_state
  fi
  if ! supervisord_runs; then
    stop_orphans
    rm -f "$SLUICE_RUN_DIR"/*.sock
    clean_environment supervisord -c "$SLUICE_APP_DIR/supervisor/supervisord.conf"
    echo "$shape" >"$SLUICE_RUN_DIR/shape"
    echo "$code" >"$SLUICE_RUN_DIR/code"
  fi
  if [ "$SLUICE_LOCAL_SERVERS" = yes ]; then
    wait_for 60 mariadb_answers || die "MariaDB does not start; its log: $SLUICE_LOG_DIR/mariadb.log"
    wait_for 30 redis_answers || die "Redis does not start; its log: $SLUICE_LOG_DIR/redis.log"
  fi
  sluicectl_ migrate || die "the database could not be brought to the present schema"
  if [ "$(cat "$SLUICE_RUN_DIR/code" 2>/dev/null)" != "$code" ]; then
    say "The programs changed: restarting them one after another"
    restart_programs
    echo "$code" >"$SLUICE_RUN_DIR/code"
  fi
  supervisorctl_ start all | grep -v 'started$\|already started' >&2 || true
  wait_for 30 serves || { why_not_ready; die "it runs but is not ready; the logs are in $SLUICE_LOG_DIR"; }
}

why_not_ready() {
  supervisorctl_ status | awk '$2 != "RUNNING"' >&2 || true
  say "GET /readyz: $(curl -sS --max-time 3 "http://127.0.0.1:$SLUICE_PORT/readyz" 2>&1)"
}

# One process at a time: the pool's socket closes, and requests fail, when the last one of a pool stops.
restart_programs() {
  local name
  for name in $(supervisorctl_ status | awk '/^(web|stream|runner|quarantine|watch)/ && $2 != "STOPPED" {print $1}'); do
    supervisorctl_ restart "$name" >/dev/null
  done
}

stop_stack() {
  local pid
  if supervisord_runs; then
    pid=$(cat "$SLUICE_RUN_DIR/supervisord.pid")
    as_user kill -TERM "$pid"
    wait_for 90 gone "$pid" || as_user kill -KILL "$pid" || true
  fi
  stop_orphans
}

gone() { ! [ -d "/proc/$1" ] || [ "$(cut -d' ' -f3 <"/proc/$1/stat")" = Z ]; }

# Processes of this stack that no supervisord looks after any more (it was killed, or nginx's master was): they are known
# by what they are and by the folder they stand in. Asked to end, then made to.
stop_orphans() {
  local pids pid
  pids=$(orphans)
  [ -n "$pids" ] || return 0
  say "Stopping what a killed supervisord left behind:" $pids
  as_user kill -TERM $pids 2>/dev/null || true
  for pid in $pids; do wait_for 20 gone "$pid" || as_user kill -KILL "$pid" 2>/dev/null || true; done
  for pid in $pids; do wait_for 5 gone "$pid" || die "process $pid cannot be stopped"; done
}

# Run as the stack's user, who may see where its own processes stand.
orphans() {
  as_user bash -c '
    for process in /proc/[0-9]*; do
      name=
      { read -r name <"$process/comm"; } 2>/dev/null || true
      case $name in nginx | sluice-fcgi | sluice-runner | mariadbd | redis-server) ;; *) continue ;; esac
      for folder; do [ ! "$process/cwd" -ef "$folder" ] || echo "${process#/proc/}"; done
    done' orphans "$SLUICE_RUN_DIR" "$SLUICE_STATE_DIR/mariadb" "$SLUICE_STATE_DIR/redis"
}
