#!/bin/sh
# Sends prompts of different kinds to one model name, and looks at which model answered and why.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
admin="${MOONGATE_ADMIN_URL:-http://127.0.0.1:8081}/api/v1"
token="${MOONGATE_ADMIN_TOKEN:?set it to the admin token that the gateway was started with}"
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT

# expect WHAT MODEL REASON BODY: ends the script unless this model answered, for this reason.
expect() {
  curl -sS -o /dev/null -D "$headers" "$url/v1/chat/completions" -H 'content-type: application/json' -d "$4"
  model=$(sed -n 's/^[Xx]-[Mm]oongate-[Mm]odel: *\([^[:space:]]*\).*/\1/p' "$headers")
  routing=$(sed -n 's/^[Xx]-[Mm]oongate-[Rr]outing: *\([^[:space:]]*\).*/\1/p' "$headers")
  case "$model $routing" in
    "$2 $3"*) echo "ok: $1: $model ($routing)" ;;
    *)
      echo "FAILED: $1: $model ($routing), and not $2 ($3)" >&2
      cat "$headers" >&2
      exit 1
      ;;
  esac
}

code='Why does this Python function raise a KeyError? def first(d): return d[\"a\"]'
talk='Hi there! How are you doing today?'
picture='data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

expect "small talk" small best "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"$talk\"}]}"
expect "a question about code" large best "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"$code\"}]}"
# A conversation goes on that began so: its model stays.
expect "a conversation" large conversation "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"$code\"},{\"role\":\"assistant\",\"content\":\"The key is missing.\"},{\"role\":\"user\",\"content\":\"Hi there, thank you! How are you?\"}]}"

expect "the question, cheap" small best "{\"model\":\"auto/cheap\",\"messages\":[{\"role\":\"user\",\"content\":\"$code\"}]}"
expect "an image" vision only "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What is this?\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"$picture\"}}]}]}"
expect "a model by its name" small named '{"model":"small","messages":[{"role":"user","content":"Prove it."}]}'

# What would be chosen, and what speaks for it, without sending anything.
answer=$(curl -sS "$admin/model-apis/chat/explain" -H "authorization: Bearer $token" -H 'content-type: application/json' \
  -d "{\"method\":\"POST\",\"path\":\"/v1/chat/completions\",\"body\":\"{\\\"model\\\":\\\"auto\\\",\\\"messages\\\":[{\\\"role\\\":\\\"user\\\",\\\"content\\\":\\\"$talk\\\"}]}\"}")
case "$answer" in
  *'"utility"'*'"domains":[{"name":"chat"'*) echo "ok: explain tells the domain and what each model is worth" ;;
  *)
    echo "FAILED: explain: $answer" >&2
    exit 1
    ;;
esac
