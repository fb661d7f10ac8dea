#!/bin/sh
# Uploads files to two services, runs a batch where its file is, and shows that each consumer sees its own objects only.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

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

# field NAME TEXT: the first value of this name in JSON, where it is a string.
field() {
  echo "$2" | tr ',{' '\n\n' | sed -n "s/^ *\"$1\" *: *\"\([^\"]*\)\".*/\1/p" | head -n 1
}

# service TEXT: the service that an answer's head names.
service() {
  echo "$1" | tr -d '\r' | sed -n 's/^x-moongate-service: //p'
}

# as CONSUMER PATH CURL-OPTIONS...: asks with the consumer's key, gives the head of the answer and its body.
as() {
  key="$1-example-key"
  path=$2
  shift 2
  curl -sSi "$url$path" -H "authorization: Bearer $key" "$@"
}

for number in 1 2 3; do
  echo '{"custom_id":"'$number'","method":"POST","url":"/v1/chat/completions","body":{"model":"any-model","messages":[{"role":"user","content":"Say hello."}]}}'
done >"$folder/input.jsonl"

places=""
for number in 1 2 3 4; do
  answer=$(as app-1 /v1/files -F purpose=batch -F "file=@$folder/input.jsonl")
  places="$places $(service "$answer")"
  file=$(field id "$answer")
done
expect "files are put at one service" store-a "$places"
expect "and at the other" store-b "$places"
home=$(service "$answer")

answer=$(as app-1 /v1/batches -H 'content-type: application/json' \
  -d '{"input_file_id":"'"$file"'","endpoint":"/v1/chat/completions","completion_window":"24h"}')
expect "a batch is made where its file is" "x-moongate-service: $home" "$answer"
batch=$(field id "$answer")

output=""
while [ -z "$output" ]; do
  answer=$(as app-1 "/v1/batches/$batch")
  expect "the batch is asked for there too: $(field status "$answer")" "x-moongate-service: $home" "$answer"
  output=$(field output_file_id "$answer")
done
answer=$(as app-1 "/v1/files/$output/content")
expect "the file that it wrote is the consumer's" "x-moongate-service: $home" "$answer"
expect "and holds an answer for each line" '"custom_id":"3"' "$answer"

answer=$(as app-1 '/v1/files?purpose=batch')
count=$(echo "$answer" | grep -o '"object":"file"' | wc -l)
expect "a list holds the files of both services" 4 "$count"

expect "another consumer has no files" '"data":[]' "$(as app-2 /v1/files)"
expect "another consumer does not find this one" ' 404 ' "$(as app-2 "/v1/files/$file")"
expect "nor its batch" ' 404 ' "$(as app-2 "/v1/batches/$batch")"
expect "and cannot use it" ' 404 ' "$(as app-2 /v1/batches -H 'content-type: application/json' \
  -d '{"input_file_id":"'"$file"'","endpoint":"/v1/chat/completions","completion_window":"24h"}')"

expect "a file is deleted where it is" "x-moongate-service: $home" "$(as app-1 "/v1/files/$file" -X DELETE)"
expect "then nobody knows it" ' 404 ' "$(as app-1 "/v1/files/$file")"
