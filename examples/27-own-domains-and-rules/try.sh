#!/bin/sh
# Sends requests that rules, words and an own domain are for, and looks at which model answered and why.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
headers=$(mktemp)
trap 'rm -f "$headers"' EXIT

# expect WHAT MODEL ROUTING BODY [HEADER]: ends the script unless this model answered, and `x-moongate-routing` begins so.
expect() {
  curl -sS -o /dev/null -D "$headers" "$url/v1/chat/completions" -H 'content-type: application/json' \
    -H "${5:-x-job: none}" -d "$4"
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

# ask TEXT [MORE]: a request for `auto`.
ask() {
  echo "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"$1\"}]${2:-}}"
}

expect "a header" small "best;" "$(ask 'Write a short story about the sea.')" "x-job: nightly"
expect "a pattern" law-tuned "rule;" "$(ask 'Please look at contract C-123456.')"
expect "metadata" small "rule;" "$(ask 'Hello' ',"metadata":{"team":"support"}')"
expect "a word" law-tuned "preferred;domain=tenancy;" "$(ask 'Wie lang ist die kündigungsfrist?')"
expect "a domain by its examples" law-tuned "preferred;domain=tenancy;" "$(ask 'The landlord wants to raise the rent of my apartment. Must I pay it?')"
expect "a least quality" large "only;domain=code;" "$(ask 'Fix the bug in this Python function: def add(a, b): return a - b')"
