#!/bin/sh
# Asks the Model API `chat` the same in several ways, and looks at what was reused.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
asked="Say hello, $$-$(date +%s)." # a question that nobody has asked before

# expect WHAT EXPECTED MODEL CURL-OPTIONS...: ends the script unless the answer says this of the cache.
expect() {
  what=$1
  expected=$2
  body=$3
  shift 3
  cache=$(curl -sS -o /dev/null -D - "$url/v1/chat/completions" -H 'content-type: application/json' -d "$body" "$@" |
    tr -d '\r' | sed -n 's/^x-moongate-cache: //p')
  if [ "$cache" != "$expected" ]; then
    echo "FAILED: $what: expected '$expected', got '$cache'" >&2
    exit 1
  fi
  echo "ok: $what: ${cache:-not looked for}"
}

question="[{\"role\":\"user\",\"content\":\"$asked\"}]"
expect "a question" miss "{\"model\":\"small\",\"messages\":$question}"
expect "the same in another order" hit "{\"messages\":$question,\"model\":\"small\"}"
expect "another model" miss "{\"model\":\"large\",\"messages\":$question}"
expect "past the cache" "" "{\"model\":\"small\",\"messages\":$question}" -H 'x-moongate-cache: bypass'
