#!/bin/sh
# Asks with and without more than is allowed, and looks at what the gateway says it has changed.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT

# expect_answer WHAT STATUS PATH BODY HEADER: ends the script unless the answer has this status and this header line.
expect_answer() {
  status=$(curl -sS -o /dev/null -D "$headers" -w '%{http_code}' "$url$3" -H 'content-type: application/json' \
    -H 'anthropic-version: 2023-06-01' -d "$4")
  if [ "$status" != "$2" ]; then
    echo "FAILED: $1: expected status $2, got $status" >&2
    exit 1
  fi
  if [ -n "$5" ] && ! grep -qi "^$5" "$headers"; then
    echo "FAILED: $1: no header $5" >&2
    exit 1
  fi
  echo "ok: $1: $status"
}

chat=/v1/chat/completions
expect_answer "a question" 200 $chat '{"model":"m","messages":[{"role":"user","content":"Hello"}]}' "x-served-by: harbour"
expect_answer "too many tokens" 200 $chat '{"model":"m","max_tokens":5000,"messages":[{"role":"user","content":"Hello"}]}' \
  "x-moongate-warnings: max_tokens;clamped"
expect_answer "the same by Anthropic's protocol" 200 /v1/messages \
  '{"model":"m","max_tokens":5000,"messages":[{"role":"user","content":"Hello"}]}' "x-moongate-warnings: max_tokens;clamped"
expect_answer "a prompt as tokens" 400 /v1/completions '{"model":"m","prompt":[1,2,3]}' ""
