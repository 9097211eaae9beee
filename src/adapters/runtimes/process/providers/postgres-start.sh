# First start of a PostgreSQL cluster, as the official image documents it, then the server itself.
# $1: folder of the socket; the rest: the server's program and its flags.
# A cluster is made aside, in $draft, and moved into place file by file with PG_VERSION last: what a crash leaves is
# recognised by $draft and made anew, and never taken for a database.
set -eu
sockets=$1
shift
umask 077
PATH=$(dirname "$1"):$PATH
export PATH

say() { printf '%s\n' "$*" >&2; }

# from_file NAME: the variable NAME, or what stands in the file that NAME_FILE names.
from_file() {
  eval "value=\${$1:-} file=\${$1_FILE:-}"
  if [ -n "$value" ] && [ -n "$file" ]; then
    say "both $1 and $1_FILE are set; set one"
    exit 1
  fi
  if [ -n "$file" ]; then value=$(cat "$file"); fi
  printf '%s' "$value"
}

run_file() {
  case $1 in
    *.sh)
      say "running $1"
      if [ -x "$1" ]; then "$1"
      elif head -n 1 "$1" | grep -q bash; then bash "$1"
      else . "$1"; fi
      ;;
    *.sql) say "running $1"; sql -f "$1" ;;
    *.sql.gz) say "running $1"; gunzip -c "$1" | sql ;;
    *.sql.xz) say "running $1"; xz -dc "$1" | sql ;;
    *.sql.zst) say "running $1"; zstd -dc "$1" | sql ;;
    *) say "ignoring $1" ;;
  esac
}

sql() { psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" "$@"; }

make_cluster() {
  draft=$PGDATA/.timonel-draft
  if [ -n "$(ls -A "$PGDATA")" ] && [ ! -d "$draft" ]; then
    say "$PGDATA is neither empty nor a database: it has no PG_VERSION"
    exit 1
  fi
  find "$PGDATA" -mindepth 1 -maxdepth 1 ! -name .timonel-draft -exec rm -rf {} +
  rm -rf "$draft"
  mkdir "$draft"
  POSTGRES_USER=$(from_file POSTGRES_USER)
  POSTGRES_USER=${POSTGRES_USER:-postgres}
  POSTGRES_DB=$(from_file POSTGRES_DB)
  POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
  POSTGRES_PASSWORD=$(from_file POSTGRES_PASSWORD)
  method=${POSTGRES_HOST_AUTH_METHOD:-}
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$method" != trust ]; then
    say 'the first start needs POSTGRES_PASSWORD (or POSTGRES_HOST_AUTH_METHOD=trust, which lets anybody in)'
    exit 1
  fi
  password=$draft.password
  set --
  if [ -n "$POSTGRES_PASSWORD" ]; then
    printf '%s\n' "$POSTGRES_PASSWORD" >"$password"
    set -- "--pwfile=$password"
  fi
  arguments=$(from_file POSTGRES_INITDB_ARGS)
  # In a container 127.0.0.1 is the container alone, and trusted; here every client of the machine comes from there.
  set -- --auth-local=trust "--auth-host=${method:-scram-sha-256}" "$@"
  eval "initdb --pgdata=\"\$draft\" --username=\"\$POSTGRES_USER\" \"\$@\" $arguments"
  rm -f "$password"
  printf '\nhost all all all %s\n' "${method:-scram-sha-256}" >>"$draft/pg_hba.conf"

  # pg_ctl's server is in a session of its own: left behind by a script that fails, it would hold the socket against
  # the next attempt.
  trap 'pg_ctl -D "$draft" -m immediate -w -t 60 stop >&2 2>/dev/null || true' EXIT
  # Only over the socket, so that nobody meets a database that is not finished.
  unset PGHOST PGDATABASE PGUSER
  PGHOST=$sockets PGPASSWORD=$POSTGRES_PASSWORD
  export PGHOST PGPASSWORD POSTGRES_USER POSTGRES_DB POSTGRES_PASSWORD
  pg_ctl -D "$draft" -w -t 300 -o "-c listen_addresses= -c unix_socket_directories=$sockets -p $PGPORT" start >&2
  if [ "$POSTGRES_DB" != postgres ]; then
    psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname postgres --set name="$POSTGRES_DB" <<'SQL' >&2
CREATE DATABASE :"name";
SQL
  fi
  for file in /docker-entrypoint-initdb.d/*; do
    if [ -f "$file" ]; then run_file "$file" >&2; fi
  done
  pg_ctl -D "$draft" -m fast -w -t 300 stop >&2
  trap - EXIT

  find "$draft" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv -t "$PGDATA" {} +
  sync
  mv "$draft/PG_VERSION" "$PGDATA/PG_VERSION"
  rmdir "$draft"
  unset PGHOST PGPASSWORD
}

mkdir -p "$PGDATA"
chmod 700 "$PGDATA"
if [ ! -s "$PGDATA/PG_VERSION" ]; then (make_cluster); fi
rmdir "$PGDATA/.timonel-draft" 2>/dev/null || true
exec "$@"
