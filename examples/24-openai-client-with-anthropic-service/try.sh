#!/bin/sh
# Asks as applications of OpenAI do, and looks at what comes back from a service that speaks Anthropic alone.
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

chat='"model":"gpt","messages":[{"role":"user","content":"Hello"}]'
expect_answer "a chat completion" 200 /v1/chat/completions "{$chat}" '"object":"chat.completion"' ""
expect_answer "a stream" 200 /v1/chat/completions "{$chat,\"stream\":true}" 'data: [DONE]' ""
expect_answer "a response" 200 /v1/responses '{"model":"gpt","input":"Hello"}' '"object":"response"' ""
expect_answer "a field that Anthropic does not know" 200 /v1/chat/completions "{$chat,\"seed\":7}" '"object":"chat.completion"' \
  "x-moongate-warnings: seed;dropped"
expect_answer "the same where translation is strict" 400 /strict/v1/chat/completions "{$chat,\"seed\":7}" '"param":"seed"' ""
expect_answer "two answers at once" 400 /v1/chat/completions "{$chat,\"n\":2}" '"param":"n"' ""
