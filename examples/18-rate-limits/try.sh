#!/bin/sh
# Calls the Model API `chat` as two teams until one of them has used up its requests, then asks for too many tokens.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"

# expect_status WHAT STATUS MAX_TOKENS CURL-OPTIONS...: ends the script unless the call is answered with this status.
expect_status() {
  what=$1
  expected=$2
  body="{\"model\":\"any-model\",\"max_tokens\":$3,\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}]}"
  shift 3
  status=$(curl -sS -o /dev/null -w '%{http_code}' "$url/v1/chat/completions" \
    -H 'content-type: application/json' -d "$body" "$@")
  if [ "$status" != "$expected" ]; then
    echo "FAILED: $what: expected status $expected, got $status" >&2
    exit 1
  fi
  echo "ok: $what: $status"
}

team="team-$$-$(date +%s)"
expect_status "first request of a team" 200 50 -H "x-team: $team"
expect_status "second request" 200 50 -H "x-team: $team"
expect_status "third request" 200 50 -H "x-team: $team"
expect_status "fourth request" 429 50 -H "x-team: $team"
expect_status "another team" 200 50 -H "x-team: other-$team"
expect_status "more tokens than a day has" 429 60000
