#!/bin/sh
# Calls the Model API `chat` with signed requests: as it should be, with a wrong secret, and for a model that is not granted.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
here=$(cd "$(dirname "$0")" && pwd)
body='{"model":"small-1","messages":[{"role":"user","content":"Say hello."}]}'
export ACCESS_KEY=shop-access-key

# expect_status WHAT STATUS SECRET PATH BODY: ends the script unless the signed call is answered with this status.
expect_status() {
  status=$(SECRET_KEY="$3" node "$here/sign.mjs" "$url$4" "$5")
  if [ "$status" != "$2" ]; then
    echo "FAILED: $1: expected status $2, got $status" >&2
    exit 1
  fi
  echo "ok: $1: $status"
}

expect_status "a signed request" 200 shop-example-secret /v1/chat/completions "$body"
expect_status "with parameters" 200 shop-example-secret '/v1/chat/completions?b=2&a=%C3%A9&c' "$body"
expect_status "the list of models" 200 shop-example-secret /v1/models ''
expect_status "another secret" 401 another-secret /v1/chat/completions "$body"
expect_status "another model" 403 shop-example-secret /v1/chat/completions \
  '{"model":"large-1","messages":[{"role":"user","content":"Say hello."}]}'
