#!/bin/sh
# Makes and edits images with OpenAI's routes, then makes DashScope tasks at two services and asks for each until it is done.
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
    printf '%.500s\n' "$3" >&2
    exit 1
    ;;
  esac
}

# field NAME TEXT: the first value of this name in JSON, where it is a string.
field() {
  echo "$2" | sed -n "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p" | head -n 1
}

answer=$(curl -sSi "$url/images/v1/images/generations" -H 'content-type: application/json' \
  -d '{"model":"gpt-image-1","prompt":"A moon gate in a garden"}')
expect "an image is made" ' 200 ' "$answer"
expect "by the service of its model" 'x-moongate-service: image-a' "$answer"
field b64_json "$answer" | base64 -d >"$folder/gate.png"
expect "it is a PNG" PNG "$(head -c 4 "$folder/gate.png" | tr -d '\211')"

# The model comes after the file: the form is read up to it, then goes on unchanged.
answer=$(curl -sSi "$url/images/v1/images/edits" -F "image=@$folder/gate.png" -F 'prompt=By night' -F 'model=dall-e-2')
expect "it is edited, in a form" ' 200 ' "$answer"
expect "by the service of the form's model" 'x-moongate-service: image-b' "$answer"

answer=$(curl -sS "$url/images/v1/images/generations" -H 'content-type: application/json' \
  -d '{"model":"gpt-image-1","prompt":"A moon gate","stream":true,"partial_images":1}')
expect "a stream shows a part first" 'event: image_generation.partial_image' "$answer"
expect "and then the image" 'event: image_generation.completed' "$answer"

made=""
for number in 1 2 3 4; do
  answer=$(curl -sSi "$url/tasks/api/v1/services/aigc/text2image/image-synthesis" \
    -H 'content-type: application/json' -H 'x-dashscope-async: enable' \
    -d '{"model":"wanx-v1","input":{"prompt":"A moon gate"},"parameters":{"n":2}}')
  service=$(echo "$answer" | tr -d '\r' | sed -n 's/^x-moongate-service: //p')
  made="$made $service=$(field task_id "$answer")"
done
expect "tasks are made at one service" 'image-a=' "$made"
expect "and at the other" 'image-b=' "$made"

for task in $made; do
  state=PENDING
  while [ "$state" = PENDING ] || [ "$state" = RUNNING ]; do
    answer=$(curl -sSi "$url/tasks/api/v1/tasks/${task#*=}")
    state=$(field task_status "$answer")
    expect "it is asked for where it is: $state" "x-moongate-service: ${task%%=*}" "$answer"
  done
  expect "it is done" SUCCEEDED "$state"
done
expect "its usage is told" '"image_count":2' "$answer"

status=$(curl -sS -o /dev/null -w '%{http_code}' "$url/tasks/api/v1/tasks/no-such-task")
expect "a task that nobody made" 404 "$status"
