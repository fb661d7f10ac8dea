#!/bin/sh
# Calls the Model API `chat` without a key, with a wrong one, without a grant, and as it should be.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
body='{"model":"any-model","messages":[{"role":"user","content":"Say hello."}]}'

# expect_status WHAT STATUS CURL-OPTIONS...: ends the script unless the call is answered with this status.
expect_status() {
  what=$1
  expected=$2
  shift 2
  status=$(curl -sS -o /dev/null -w '%{http_code}' "$url/v1/chat/completions" \
    -H 'content-type: application/json' -d "$body" "$@")
  if [ "$status" != "$expected" ]; then
    echo "FAILED: $what: expected status $expected, got $status" >&2
    exit 1
  fi
  echo "ok: $what: $status"
}

expect_status "no key" 401
expect_status "an unknown key" 401 -H 'authorization: Bearer no-such-key'
expect_status "a key without a grant" 403 -H 'authorization: Bearer app-2-example-key'
expect_status "a key as bearer token" 200 -H 'authorization: Bearer app-1-example-key'
expect_status "the same key as x-api-key" 200 -H 'x-api-key: app-1-example-key'
