#!/bin/sh
# Uses up a budget, sees who is refused and what is told, sets the budget back and calls again.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
admin="${MOONGATE_ADMIN_URL:-http://127.0.0.1:8081}"
token="${MOONGATE_ADMIN_TOKEN:?set it to the token that the start prints}"

# send: as a client would; at most 20 tokens of output. Prints the answer, and its status in a line of its own.
send() {
  curl -sS -w '\n%{http_code}' "$url/v1/chat/completions" -H 'content-type: application/json' \
    -H 'authorization: Bearer example-parcels-key-0123' \
    -d '{"model":"small","max_tokens":20,"messages":[{"role":"user","content":"Where is my parcel?"}]}'
}

# ask METHOD PATH: the admin API.
ask() {
  curl -sSfg -X "$1" "$admin$2" -H "authorization: Bearer $token"
}

# expect WHAT PATTERN TEXT: ends the script unless the pattern is in the text.
expect() {
  if printf '%s' "$3" | grep -q "$2"; then
    echo "ok: $1"
  else
    echo "FAILED: $1: $3" >&2
    exit 1
  fi
}

expect "the first call passes" '^200$' "$(send)"
for _ in $(seq 30); do
  answer=$(send)
  case $answer in *quota_exceeded*) break ;; esac
done
expect "then the budget is used up" '^429$' "$answer"
expect "and the answer names it" 'Quota .*monthly.* of consumer .*parcels.* resets at ' "$answer"

usage=$(ask GET /api/v1/consumers/parcels/usage)
expect "what is used is told" '"name":"monthly","metric":"tokens","used":[1-9]' "$usage"
expect "and what the group has used" '"name":"money","metric":"cost","used":0\.0.*"group":"shop"' "$usage"
expect "it stands among those near their end" '"name":"monthly".*"state":"warned".*"name":"parcels"' "$(ask GET '/api/v1/quotas?state=warned&state=exhausted')"

ask POST /api/v1/consumers/parcels/quotas/monthly/reset
expect "set back, it lets calls pass again" '^200$' "$(send)"
