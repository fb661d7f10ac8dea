#!/bin/sh
# Asks as Claude Code does, and looks at what comes back from a service that speaks OpenAI alone.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
headers=$(mktemp)
body=$(mktemp)
trap 'rm -f "$headers" "$body"' EXIT

# expect_answer WHAT STATUS PATH BODY TEXT HEADER: ends the script unless the answer has this status, text and header line.
expect_answer() {
  status=$(curl -sS -o "$body" -D "$headers" -w '%{http_code}' "$url$3" -H 'content-type: application/json' \
    -H 'anthropic-version: 2023-06-01' -d "$4")
  if [ "$status" != "$2" ]; then
    echo "FAILED: $1: expected status $2, got $status" >&2
    exit 1
  fi
  if ! grep -qF "$5" "$body"; then
    echo "FAILED: $1: the answer has no $5" >&2
    exit 1
  fi
  if [ -n "$6" ] && ! grep -qi "^$6" "$headers"; then
    echo "FAILED: $1: no header $6" >&2
    exit 1
  fi
  echo "ok: $1: $status"
}

messages='"model":"claude","max_tokens":200,"messages":[{"role":"user","content":"Hello"}]'
expect_answer "a message" 200 /v1/messages "{$messages}" '"type":"message"' ""
expect_answer "a stream" 200 /v1/messages "{$messages,\"stream\":true}" message_stop ""
expect_answer "a field that OpenAI does not know" 200 "/v1/messages?beta=true" "{$messages,\"top_k\":4}" '"type":"message"' \
  "x-moongate-warnings: top_k;dropped"
expect_answer "a count of tokens" 200 /v1/messages/count_tokens \
  '{"model":"claude","messages":[{"role":"user","content":"Hello"}]}' '"input_tokens":' \
  "x-moongate-warnings: input_tokens;rewritten"
