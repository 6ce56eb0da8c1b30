#!/usr/bin/env bash
# Runs a command beside a PostgreSQL server of its own, named in DATABASE_URL and gone afterwards. Without a command,
# prints DATABASE_URL and waits. The server listens on this machine alone, and never runs as root: it refuses to.
# usage: tools/postgres.sh [COMMAND [ARGUMENT ...]]
set -euo pipefail

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin /usr/pgsql-*/bin | sort -V | grep -v '[*]' | tail -n 1 || true)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb || echo /none)")
[ -x "$bin/initdb" ] || { echo "PostgreSQL n'est pas installé (paquet Debian : postgresql)." >&2; exit 3; }

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
place=$(mktemp -d)
as=()
if [ "$(id -u)" = 0 ]; then
    user=$(id -un postgres 2>/dev/null || echo nobody)
    chown "$user" "$place"
    as=(runuser -u "$user" --)
fi
pg() { (cd "$place" && "${as[@]}" "$bin/$@"); }

stop() {
    pg pg_ctl -D "$place/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$place"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

pg initdb -D "$place/data" -U egide --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$place/initdb.log" 2>&1 ||
    { cat "$place/initdb.log" >&2; exit 3; }
pg pg_ctl -D "$place/data" -l "$place/server.log" -w -t 60 \
    -o "-p $port -k $place -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off -c synchronous_commit=off" start \
    >/dev/null || { cat "$place/server.log" >&2; exit 3; }
pg createdb -h 127.0.0.1 -p "$port" -U egide egide
export DATABASE_URL="postgres://egide@127.0.0.1:$port/egide"

if [ $# -gt 0 ]; then
    "$@"
else
    echo "$DATABASE_URL"
    while sleep 3600; do :; done
fi
