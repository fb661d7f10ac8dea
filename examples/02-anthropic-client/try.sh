#!/bin/sh
# Asks the Model API `messages` for one plain and one streamed message, counts tokens and provokes an error.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"

# expect WHAT PATTERN TEXT: ends the script unless the text holds the pattern.
expect() {
  case "$3" in
  *"$2"*) echo "ok: $1" ;;
  *)
    echo "FAILED: $1: expected $2 in:" >&2
    echo "$3" >&2
    exit 1
    ;;
  esac
}

# ask PATH BODY: posts a body as an Anthropic client does.
ask() {
  curl -sSN "$url$1" -H 'content-type: application/json' -H 'anthropic-version: 2023-06-01' -d "$2"
}

plain=$(ask /v1/messages '{"model":"any-model","max_tokens":200,"messages":[{"role":"user","content":"Say hello."}]}')
expect "a message" '"type":"message"' "$plain"
expect "the reason why it ended" '"stop_reason":"end_turn"' "$plain"

streamed=$(ask /v1/messages '{"model":"any-model","max_tokens":200,"stream":true,"messages":[{"role":"user","content":"Say hello."}]}')
expect "text in pieces" '"type":"text_delta"' "$streamed"
expect "the end of the stream" 'event: message_stop' "$streamed"

counted=$(ask /v1/messages/count_tokens '{"model":"any-model","messages":[{"role":"user","content":"Say hello."}]}')
expect "a count of tokens" '"input_tokens":' "$counted"

refused=$(ask /v1/messages '{"model":"any-model","messages":[{"role":"user","content":"Say hello."}]}')
expect "an error in Anthropic's shape" '"type":"invalid_request_error"' "$refused"
