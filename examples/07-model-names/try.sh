#!/bin/sh
# Names several models and shows which service was asked, and under which name.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"

# ask MODEL: posts a chat completion for the model, gives the head of the answer and its body.
ask() {
  curl -sSi "$url/v1/chat/completions" -H 'content-type: application/json' \
    -d "{\"model\":\"$1\",\"messages\":[{\"role\":\"user\",\"content\":\"Say hello.\"}]}"
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

answer=$(ask moon-2)
expect "moon-2 fits moon-*" 'x-moongate-service: general' "$answer"
expect "its name is passed through" 'x-moongate-model: moon-2' "$answer"

answer=$(ask moon-2-mini)
expect "moon-2-mini fits two patterns, the one with more letters wins" 'x-moongate-service: small' "$answer"
expect "its rule replaces the name" 'x-moongate-model: small-model' "$answer"

answer=$(ask moon-1)
expect "moon-1 is an exact name, which wins over every pattern" 'x-moongate-service: pinned' "$answer"

answer=$(ask sun-1)
expect "a name that no rule takes is refused" ' 404 ' "$answer"
expect "the error tells what is served" 'It serves \"moon-*\"' "$answer"

models=$(curl -sS "$url/v1/models")
for name in moon-1 moon-2 moon-3; do
  expect "$name is listed" "\"id\":\"$name\"" "$models"
done
expect "one model can be asked for" '"id":"moon-3"' "$(curl -sS "$url/v1/models/moon-3")"
