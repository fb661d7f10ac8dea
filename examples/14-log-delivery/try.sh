#!/bin/sh
# Adds a webhook to the sinks, sends five requests, and waits until file and webhook have their records.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
admin="${MOONGATE_ADMIN_URL:-http://127.0.0.1:8081}"
token="${MOONGATE_ADMIN_TOKEN:?set it to the token that the start prints}"
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)

# api METHOD PATH CURL-OPTIONS...: asks the admin API.
api() {
  method=$1
  path=$2
  shift 2
  curl -sS -X "$method" "$admin/api/v1$path" -H "authorization: Bearer $token" -H 'content-type: application/json' "$@"
}

# until WHAT COMMAND...: waits until the command succeeds, at most 60 s.
until_true() {
  what=$1
  shift
  for _ in $(seq 300); do
    if "$@"; then
      echo "ok: $what"
      return
    fi
    sleep 0.2
  done
  echo "FAILED: $what" >&2
  api GET /sink-states >&2
  exit 1
}

node "$here/receiver.mjs" >"$folder/received" &
receiver=$!
trap 'kill "$receiver"; api DELETE /sinks/hook >"$folder/deleted"; rm -rf "$folder"' EXIT

listening() { grep -q '^port ' "$folder/received"; }
until_true "the receiver listens" listening
port=$(sed -n 's/^port //p' "$folder/received")

api POST /sinks -o "$folder/created" -d '{"name":"hook","type":"webhook","url":"http://127.0.0.1:'"$port"'/records","secret":"only-an-example-secret","flushIntervalMs":500}'

curl -sS -o "$folder/answers" "$url/v1/chat/completions?n=[1-5]" -H 'content-type: application/json' \
  -d '{"model":"any-model","messages":[{"role":"user","content":"Say hello."}]}'

# state NAME: how a sink stands, one line.
state() { api GET /sink-states | tr '{' '\n' | grep "\"name\":\"$1\""; }
hook_has_all() { [ "$(grep -c '^record .* 200$' "$folder/received")" -eq 5 ]; }
file_has_all() { state file | grep -q '"delivered":5,'; }

until_true "the webhook has five records, though it refused the first two deliveries" hook_has_all
until_true "the file has five records" file_has_all
state hook
