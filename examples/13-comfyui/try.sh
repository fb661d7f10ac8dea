#!/bin/sh
# Runs a workflow on one of two ComfyUI servers: prompt, history, image. Another consumer sees and stops nothing of it.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
folder=$(mktemp -d)

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
  key="$1-example-key-1"
  path=$2
  shift 2
  curl -sSi "$url$path" -H "authorization: Bearer $key" "$@"
}

graph='{"1":{"class_type":"CheckpointLoaderSimple","inputs":{"ckpt_name":"simulated.safetensors"}},
 "2":{"class_type":"CLIPTextEncode","inputs":{"text":"A moon gate","clip":["1",1]}},
 "3":{"class_type":"EmptyLatentImage","inputs":{"width":64,"height":64,"batch_size":1}},
 "4":{"class_type":"KSampler","inputs":{"model":["1",0],"seed":1,"steps":4,"cfg":7,"sampler_name":"euler",
  "scheduler":"normal","positive":["2",0],"negative":["2",0],"latent_image":["3",0],"denoise":1}},
 "5":{"class_type":"VAEDecode","inputs":{"samples":["4",0],"vae":["1",2]}},
 "6":{"class_type":"SaveImage","inputs":{"images":["5",0],"filename_prefix":"gate"}}}'

# A client that listens: its socket and its prompts go to the same server, whichever that is. curl speaks no frames, but
# what the server tells can be read in them.
curl -sSN --http1.1 --max-time 60 -D "$folder/head" -o "$folder/frames" "$url/ws?clientId=ana-window" \
  -H 'authorization: Bearer ana-example-key-1' -H 'connection: Upgrade' -H 'upgrade: websocket' \
  -H 'sec-websocket-version: 13' -H 'sec-websocket-key: MDEyMzQ1Njc4OWFiY2RlZg==' 2>/dev/null &
socket=$!
trap 'kill "$socket" 2>/dev/null; rm -rf "$folder"' EXIT

# told WORD FILE: waits at most ten seconds until the file holds the word.
told() {
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    grep -aqs "$1" "$2" && break
    sleep 1
  done
  tr -cd '[:print:]\n' <"$2"
}

head=$(told x-moongate-service "$folder/head")
expect "a socket is opened" ' 101 ' "$head"
home=$(service "$head")

answer=$(as ana /prompt -H 'content-type: application/json' -d '{"client_id":"ana-window","prompt":'"$graph"'}')
expect "a prompt of the same client goes to its server" "x-moongate-service: $home" "$answer"
prompt=$(field prompt_id "$answer")
expect "the socket tells when it is done" execution_success "$(told execution_success "$folder/frames")"

answer=$(as ana "/history/$prompt")
expect "its history is asked for there" "x-moongate-service: $home" "$answer"
image=$(field filename "$answer")
head=$(curl -sS -D - -o /dev/null "$url/view?filename=$image&type=output" -H 'authorization: Bearer ana-example-key-1')
expect "its image is found there" "x-moongate-service: $home" "$head"
expect "and is an image" 'content-type: image/png' "$head"

expect "another consumer does not see the image" ' 404 ' "$(as ben "/view?filename=$image&type=output")"
expect "nor the history" ' 404 ' "$(as ben "/history/$prompt")"
expect "whose own list is empty" '{}' "$(as ben /history)"
expect "nobody may stop what others run" ' 403 ' "$(as ben /interrupt -X POST)"
expect "nor clear the queue" ' 403 ' "$(as ben /queue -H 'content-type: application/json' -d '{"clear":true}')"
