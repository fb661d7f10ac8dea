#!/bin/sh
# Two teams on one gateway: each sees and changes its own objects and exchanges, and nothing tells it of the other's.
set -eu
url="${MOONGATE_URL:-http://127.0.0.1:8080}"
admin="${MOONGATE_ADMIN_URL:-http://127.0.0.1:8081}"
owner="${MOONGATE_ADMIN_TOKEN:?set it to the token that the start prints}"

# ask TOKEN METHOD PATH [BODY]: prints the status, a line break and the answer.
ask() {
  curl -sS -w '\n%{http_code}' -X "$2" "$admin/api/v1/$3" -H "authorization: Bearer $1" \
    -H 'content-type: application/json' ${4:+-d "$4"} | awk '{ line[NR] = $0 } END { print line[NR]; for (i = 1; i < NR; i++) print line[i] }'
}

# expect WHAT PATTERN TEXT: ends the script unless the pattern is in the text.
expect() {
  if printf '%s' "$3" | tr '\n' ' ' | grep -q "$2"; then
    echo "ok: $1"
  else
    echo "FAILED: $1: $3" >&2
    exit 1
  fi
}

made=$(ask "$owner" POST tokens '{"name":"team-a","role":"editor","resourceGroups":["team-a"]}')
expect "a token for one team" '^201' "$made"
team=$(printf '%s' "$made" | sed -n 's/.*"token":"\([^"]*\)".*/\1/p')

for path in a b; do
  curl -sS -o /dev/null "$url/$path/v1/chat/completions" -H 'content-type: application/json' \
    -d '{"model":"small","messages":[{"role":"user","content":"Hello."}]}'
done
# A record can be read at most 2 seconds after its exchange ended.
for _ in $(seq 100); do
  case $(ask "$owner" GET 'logs?facets=api') in *'"total":2,'*) break ;; esac
  sleep 0.1
done

services=$(ask "$team" GET services)
expect "sees its own service" '"service-a"' "$services"
case $services in
  *service-b*) echo "FAILED: and no other: $services" >&2 && exit 1 ;;
  *) echo "ok: and no other" ;;
esac
expect "another team's Model API is not there" '^404' "$(ask "$team" GET model-apis/support)"
expect "and cannot be changed" '^404' "$(ask "$team" PATCH model-apis/support '{"enabled":false}')"
expect "nor its service lent" 'there is no service' "$(ask "$team" POST model-apis '{"name":"lent","useCase":"text-generation","protocols":["openai"],"basePath":"/c","resourceGroup":"team-a","modelService":{"mode":"single","target":{"service":"service-b"}}}')"
expect "nor anything made for it" '^400' "$(ask "$team" POST consumers '{"name":"x","resourceGroup":"team-b"}')"
expect "its own team gets a consumer" '^201' "$(ask "$team" POST consumers '{"name":"app-a","resourceGroup":"team-a"}')"
expect "the logs hold its own exchanges" '"total":1,.*"value":"search","count":1' "$(ask "$team" GET 'logs?facets=api')"
expect "and no filter shows more" '"total":0,' "$(ask "$team" GET 'logs?facets=api&resourceGroup=team-b')"
expect "users are for admins" '^403' "$(ask "$team" GET users)"
expect "a revoked token opens nothing" '^204' "$(ask "$owner" DELETE tokens/team-a)"
expect "at once" '^401' "$(ask "$team" GET services)"
