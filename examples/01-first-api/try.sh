#!/bin/sh
# Asks the Model API `chat` for one plain and one streamed chat completion.
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

plain=$(curl -sS "$url/v1/chat/completions" -H 'content-type: application/json' \
  -d '{"model":"any-model","messages":[{"role":"user","content":"Say hello."}]}')
expect "a plain answer" '"finish_reason":"stop"' "$plain"
expect "its usage" '"total_tokens":' "$plain"

streamed=$(curl -sSN "$url/v1/chat/completions" -H 'content-type: application/json' \
  -d '{"model":"any-model","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Say hello."}]}')
expect "a stream of chunks" '"object":"chat.completion.chunk"' "$streamed"
expect "usage in its last chunk" '"choices":[],"usage":{' "$streamed"
expect "the end of the stream" 'data: [DONE]' "$streamed"
