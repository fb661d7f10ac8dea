#!/bin/sh
# Calls the Model API `team-a` by its domain and base path, and shows which model was sent to the service.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
body='{"model":"what-the-client-says","messages":[{"role":"user","content":"Say hello."}]}'

# call HOST PATH: posts the body, gives the head of the answer and its body.
call() {
  curl -sS -i "$url$2" -H "host: $1" -H 'content-type: application/json' -d "$body"
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

answer=$(call ai.example.com /team-a/v1/chat/completions)
expect "an answer under the domain and base path" ' 200 ' "$answer"
expect "the model that the gateway sent" 'x-moongate-model: house-model' "$answer"
expect "the model that answered" '"model":"house-model"' "$answer"
expect "no answer on another host" ' 404 ' "$(call other.example.com /team-a/v1/chat/completions)"
expect "no answer without the base path" ' 404 ' "$(call ai.example.com /v1/chat/completions)"
