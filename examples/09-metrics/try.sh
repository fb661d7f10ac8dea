#!/bin/sh
# Sends 60 requests to three services of which nothing is known, and counts which service answered how many.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"

heads=$(curl -sS -D - -o /dev/null "$url/v1/chat/completions?n=[1-60]" -H 'content-type: application/json' \
  -d '{"model":"any-model","messages":[{"role":"user","content":"Say hello."}]}')

# count PATTERN: how many lines of the heads fit.
count() {
  echo "$heads" | grep -c "$1" || true
}

# expect WHAT NUMBER TEST NUMBER: ends the script unless the test holds.
expect() {
  if [ "$2" "$3" "$4" ]; then
    echo "ok: $1: $2 of 60"
  else
    echo "FAILED: $1: $2 of 60" >&2
    echo "$heads" | grep -i '^HTTP/\|^x-moongate-' >&2
    exit 1
  fi
}

expect "answered with 200" "$(count '^HTTP/1.1 200')" -eq 60
expect "answered by the quick service" "$(count '^x-moongate-service: quick')" -ge 45
expect "sent to the broken service first" "$(count '^x-moongate-fallback-from: broken')" -le 15
