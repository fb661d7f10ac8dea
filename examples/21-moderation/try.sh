#!/bin/sh
# Asks something that may be asked, something that is refused however it is written, and something that is masked.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"

# expect_status WHAT STATUS CONTENT: ends the script unless asking this is answered with this status.
expect_status() {
  status=$(curl -sS -o /dev/null -w '%{http_code}' "$url/v1/chat/completions" -H 'content-type: application/json' \
    -d "{\"model\":\"any-model\",\"messages\":[{\"role\":\"user\",\"content\":$3}]}")
  if [ "$status" != "$2" ]; then
    echo "FAILED: $1: expected status $2, got $status" >&2
    exit 1
  fi
  echo "ok: $1: $status"
}

expect_status "a question" 200 '"Say hello."'
expect_status "the project's name" 400 '"What is project nightfall?"'
expect_status "its name in capitals and escapes" 400 '"What is PROJECT \u004eIGHTFALL?"'
expect_status "its name over two parts" 400 '[{"type":"text","text":"What is project night"},{"type":"text","text":"fall?"}]'
expect_status "an address, which is masked" 200 '"Write to anna@example.com."'
