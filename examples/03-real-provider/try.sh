#!/bin/sh
# Asks OpenAI one question through the Model API `chat`; without a key it only validates gateway.yaml.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
url="${MOONGATE_URL:-http://127.0.0.1:8080}"

if [ -z "${OPENAI_API_KEY:-}" ]; then
  # The reference in the file must stand for something, but nothing is sent anywhere.
  OPENAI_API_KEY=not-a-key node "$here/../../bin/moongate.js" validate -f "$here/gateway.yaml"
  echo "skipped: set OPENAI_API_KEY to call the provider; gateway.yaml is valid"
  exit 0
fi

answer=$(curl -sS "$url/v1/chat/completions" -H 'content-type: application/json' \
  -d '{"model":"any-model","messages":[{"role":"user","content":"Say hello."}]}')
case "$answer" in
*chat.completion*) echo "ok: an answer from the provider" ;;
*)
  echo "FAILED: no chat completion in:" >&2
  echo "$answer" >&2
  exit 1
  ;;
esac
