#!/bin/sh
# Asks what is known of models, then sends a request and looks at what its record says of the cost.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
admin="${MOONGATE_ADMIN_URL:-http://127.0.0.1:8081}/api/v1"
token="${MOONGATE_ADMIN_TOKEN:?set it to the admin token that the gateway was started with}"
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT

# expect_text WHAT PATH TEXT: ends the script unless the admin API's answer holds the text.
expect_text() {
  answer=$(curl -sS "$admin$2" -H "authorization: Bearer $token")
  case "$answer" in
    *"$3"*) echo "ok: $1" ;;
    *)
      echo "FAILED: $1: no $3 in the answer" >&2
      exit 1
      ;;
  esac
}

expect_text "our price" /providers/simulator/models '"source":"contract of 2026"'
expect_text "a price that ships" /providers/openai/models '"name":"gpt-4o"'

curl -sS -o /dev/null -D "$headers" "$url/v1/chat/completions" -H 'content-type: application/json' \
  -d '{"model":"simulated","messages":[{"role":"user","content":"Hello"}]}'
id=$(sed -n 's/^[Xx]-[Rr]equest-[Ii]d: *\([^[:space:]]*\).*/\1/p' "$headers")

# Records are written a moment after the answer.
tries=0
until curl -sS "$admin/logs/$id" -H "authorization: Bearer $token" | grep -q '"costUsd":0\.'; do
  tries=$((tries + 1))
  if [ "$tries" -ge 50 ]; then
    echo "FAILED: the record of the request tells no cost" >&2
    exit 1
  fi
  sleep 0.2
done
echo "ok: the record tells what the request cost"
