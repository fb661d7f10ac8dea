#!/bin/sh
# Sends requests that succeed and fail, then asks the gateway what happened, what it cost, and whether somebody is told.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
admin="${MOONGATE_ADMIN_URL:-http://127.0.0.1:8081}"
token="${MOONGATE_ADMIN_TOKEN:?set it to the token that the start prints}"

# send API TIMES: as a client would.
send() {
  curl -sS -o /dev/null "$url/$1/v1/chat/completions?n=[1-$2]" -H 'content-type: application/json' \
    -d '{"model":"small","messages":[{"role":"user","content":"Where is my parcel?"}]}'
}

# ask PATH: the admin API.
ask() {
  curl -sSfg "$admin$1" -H "authorization: Bearer $token"
}

# expect WHAT PATTERN TEXT: ends the script unless the pattern is in the text.
expect() {
  if printf '%s' "$3" | grep -q "$2"; then
    echo "ok: $1"
  else
    echo "FAILED: $1: $3" >&2
    exit 1
  fi
}

send chat 5
send failing 3

# A record can be read at most 2 seconds after its exchange ended.
for _ in $(seq 100); do
  case $(ask '/api/v1/logs?facets=api') in *'"total":8,'*) break ;; esac
  sleep 0.1
done

expect "the logs have three that failed" '"total":3,' "$(ask '/api/v1/logs?status=5xx&facets=api')"
expect "content is searched" '"total":5,' "$(ask '/api/v1/logs?search=parcel&facets=api')"
expect "metrics tell them apart" '"api":"chat"},"other":false,.*"total":5' "$(ask '/api/v1/metrics/query?name=requests&groupBy=api')"
expect "usage has a cost" '"costUsd":0\.0' "$(ask '/api/v1/usage?groupBy=model&api=chat')"
expect "Prometheus counts them" 'moongate_requests_total{api="failing".*status="500".* 3' "$(ask /metrics)"

# Alerts are looked at every 15 seconds.
for _ in $(seq 150); do
  state=$(ask /api/v1/alert-states)
  case $state in *'"state":"firing"'*) break ;; esac
  sleep 0.2
done
expect "the alert fires" '"name":"failures","state":"firing"' "$state"
expect "and stands among what needs attention" '"alert_firing"' "$(ask /api/v1/status)"
