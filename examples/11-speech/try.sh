#!/bin/sh
# Lets a text be spoken, as bytes and as events, writes down what was spoken, and reads in the record what was used.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
admin="${MOONGATE_ADMIN_URL:-http://127.0.0.1:8081}"
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

head=$(curl -sS -D - -o "$folder/speech.wav" "$url/v1/audio/speech" -H 'content-type: application/json' \
  -d '{"model":"tts-1","voice":"alloy","response_format":"wav","input":"Good evening."}')
expect "a text is spoken" ' 200 ' "$head"
expect "the answer is sound" 'content-type: audio/wav' "$head"
expect "its bytes are a WAV file" RIFF "$(head -c 4 "$folder/speech.wav")"
id=$(echo "$head" | tr -d '\r' | sed -n 's/^x-request-id: //p')

answer=$(curl -sS "$url/v1/audio/speech" -H 'content-type: application/json' \
  -d '{"model":"gpt-4o-mini-tts","voice":"alloy","stream_format":"sse","input":"Good evening."}')
expect "the same as events" 'speech.audio.delta' "$answer"
expect "with their end" 'speech.audio.done' "$answer"

answer=$(curl -sS "$url/v1/audio/transcriptions" -F "file=@$folder/speech.wav" -F 'model=whisper-1')
expect "sound becomes text" '"text"' "$answer"

# A record is there within two seconds of the answer's end; the token is the one that the start prints.
if [ -n "${MOONGATE_ADMIN_TOKEN:-}" ]; then
  record=""
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    record=$(curl -sS "$admin/api/v1/logs/$id" -H "authorization: Bearer $MOONGATE_ADMIN_TOKEN")
    [ "${record#*\"usage\"}" != "$record" ] && break
    sleep 1
  done
  expect "the record counts characters" '"characters":13' "$record"
fi
