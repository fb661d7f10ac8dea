#!/bin/sh
# Sends 100 requests and counts which service answered how many.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"

# One connection, so that one worker sees all requests: each worker keeps the shares for itself.
heads=$(curl -sS -D - -o /dev/null "$url/v1/chat/completions?n=[1-100]" -H 'content-type: application/json' \
  -d '{"model":"any-model","messages":[{"role":"user","content":"Say hello."}]}')

# expect_share SERVICE COUNT: ends the script unless the service answered so many.
expect_share() {
  count=$(echo "$heads" | grep -c "^x-moongate-service: $1" || true)
  if [ "$count" != "$2" ]; then
    echo "FAILED: $1: expected $2 of 100 requests, got $count" >&2
    exit 1
  fi
  echo "ok: $1 answered $count of 100"
}

expect_share main 70
expect_share second 20
expect_share newcomer 10
