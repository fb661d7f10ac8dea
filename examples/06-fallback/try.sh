#!/bin/sh
# Calls Model APIs whose first service fails or stays silent, and shows from which service the answer came.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"

# ask PATH BODY: posts a chat completion, gives the head of the answer and its body.
ask() {
  curl -sSi "$url$1/v1/chat/completions" -H 'content-type: application/json' -d "$2"
}

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

plain='{"model":"any-model","messages":[{"role":"user","content":"Say hello."}]}'
streamed='{"model":"any-model","stream":true,"messages":[{"role":"user","content":"Say hello."}]}'

answer=$(ask /alone "$plain")
expect "without a fallback the client gets the 500" ' 500 ' "$answer"

answer=$(ask /chat "$plain")
expect "with one it gets an answer" ' 200 ' "$answer"
expect "the answer is the second service's" 'x-moongate-service: spare' "$answer"
expect "with the model of its row" 'x-moongate-model: spare-model' "$answer"
expect "the head tells who failed" 'x-moongate-fallback-from: failing' "$answer"

answer=$(ask /stream "$streamed")
expect "a stream that does not begin is given up" 'x-moongate-fallback-from: silent' "$answer"
expect "and begins at the next that answers" 'x-moongate-service: spare' "$answer"
expect "it is complete" 'data: [DONE]' "$answer"
