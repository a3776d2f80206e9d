#!/usr/bin/env bash
# Proves that the P2.8 budget service and Gate 0 work together as promised. Starts its own Redis and processes.
#
# Every step asserts. If every assertion holds, the last line is `SUMMARY: PASS` and the exit code 0. Otherwise the
# script lists the differences, prints `SUMMARY: FAIL` and exits with 1.
#
#   BIN=.build/debug scripts/proof_p28_enforce_block.sh   # folder of the two programs; default: .build/release
#   PROOF_GATE_MODE=off …                                 # breaks the gate on purpose: the proof must fail
set -uo pipefail
cd "$(dirname "$0")/.."

bin=${BIN:-.build/release}
gate_mode=${PROOF_GATE_MODE:-enforce}
folder=$(mktemp -d "${TMPDIR:-/tmp}/p28-proof.XXXXXX")
socket=$folder/redis.sock
url=unix://$socket
token=proof-token-for-this-run-only
redis_pid="" risk_pid="" host_pid=""
failures=()
checks=0

cleanup() {
    for pid in $host_pid $risk_pid $redis_pid; do kill -9 "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done
    rm -rf "$folder"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

redis() { redis-cli -s "$socket" "$@"; }

check() { # name, expected, observed
    checks=$((checks + 1))
    if [ "$2" = "$3" ]; then
        printf '  ok    %s: %s\n' "$1" "$3"
    else
        printf '  FAIL  %s: expected %s, observed %s\n' "$1" "$2" "$3"
        failures+=("$1: expected $2, observed $3")
    fi
}

wait_for() { # description, command… : waits at most 20 s
    local description=$1
    shift
    for _ in $(seq 400); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.05
    done
    check "$description" "in time" "not within 20 s"
    return 1
}

is() { [ "$("${@:2}")" = "$1" ]; }

# HTTP without a client program: method, path → the whole response.
http() {
    local port
    port=$(cat "$folder/port")
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
    printf '%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n' "$1" "$2" >&3
    tr -d '\r' <&3
    exec 3<&- 3>&-
}

free_port() { # prints a port without a listener
    local port
    for port in $(shuf -i 20000-32000 -n 50); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

start_risk() {
    free_port >"$folder/port"
    env -i PATH="$PATH" REDIS_URL="$url" PORT="$(cat "$folder/port")" LOG_LEVEL=error \
        P28_MODE=shadow P28_TEST_MODE=1 P28_ADMIN_TOKEN=$token \
        BUDGET_COMPUTE_INTERVAL_SEC=0.2 STALE_SEC=3 MAX_LKG_AGE_SEC=10 \
        SYMBOL_UNIVERSE=AUSDT,BUSDT,CUSDT,DUSDT,EUSDT,FUSDT,GUSDT,HUSDT \
        "$bin/portfolio-risk-governor" run >>"$folder/risk.log" 2>&1 &
    risk_pid=$!
    wait_for "the budget service answers" http_ok /health
}

http_ok() { http GET "$1" 2>/dev/null | head -1 | grep -q ' 200 '; }

set_mode() {
    env -i PATH="$PATH" P28_ADMIN_TOKEN=$token "$bin/portfolio-risk-governor" mode "$1" \
        --url "http://127.0.0.1:$(cat "$folder/port")" >/dev/null
}

# A fresh snapshot without a position: there is nothing to close, so an intent over budget is blocked, not capped.
flat() {
    for symbol in "$@"; do
        redis HSET "quantum:position:snapshot:$symbol" position_amt 0 mark_price 100000 ts_epoch "$(date +%s)" >/dev/null
    done
}

inject() { http POST "/test/inject_portfolio_state?equity_usd=100000&drawdown=0" | head -1 | cut -d' ' -f2; }
budget() { redis HGET "quantum:portfolio:budget:$1" "$2"; }

submit() { # plan, symbol, quantity at 100000, further fields…
    local plan=$1 symbol=$2 quantity=$3
    shift 3
    redis XADD quantum:stream:apply.plan '*' plan_id "$plan" decision EXECUTE symbol "$symbol" \
        side BUY type MARKET qty "$quantity" source proof timestamp "$(date +%s)" price 100000 "$@" >/dev/null
    wait_for "a decision on $plan" decided "$plan"
}

decided() { redis XREVRANGE quantum:stream:governor.decision + - COUNT 20 | grep -qx -- "$1"; }

field() { # plan, field of its decision record
    redis XREVRANGE quantum:stream:governor.decision + - COUNT 20 | awk -v plan="$1" -v field="$2" '
        /^[0-9]+-[0-9]+$/ { if (found) exit; split("", record); found = 0; name = ""; next }
        name == "" { name = $0; next }
        { record[name] = $0 }
        name == "plan_id" && $0 == plan { found = 1 }
        found && field in record { print record[field]; exit }
        { name = "" }'
}

permitted() { redis EXISTS "quantum:permit:$1"; }
capped() { redis GET "quantum:permit:$1" | grep -c '"reduce_only": true'; }
block_reason() { redis GET "quantum:governor:block:$1" | sed -n 's/.*"reason": "\([^"]*\)".*/\1/p'; }
event() { # plan: its violation event up to the timestamp
    redis --raw XREVRANGE quantum:stream:budget.violation + - COUNT 20 |
        grep -F "\"plan_id\": \"$1\"" | sed 's/, "timestamp".*//'
}
violation() { # symbol, mode: the event that a notional of 2,000 against a budget of 1,868 causes
    printf '{"event_type": "budget.violation", "symbol": "%s", "position_notional": 2000, "budget_usd": 1868, ' "$1"
    printf '"over_budget": 132, "mode": "%s"' "$2"
}

echo "== start: a private Redis, the budget service, the gate host"
command -v redis-server >/dev/null || { echo "redis-server is missing: scripts/setup.sh"; exit 1; }
redis-server --port 0 --unixsocket "$socket" --save '' --dir "$folder" --daemonize no >"$folder/redis.log" 2>&1 &
redis_pid=$!
wait_for "Redis answers" redis PING
cat >"$folder/gatehost.yaml" <<YAML
redis: { url: "$url" }
intake: { block: 50ms }
admin: { listen: 127.0.0.1:0 }
log: { level: error }
gates:
  - { gate: p28-budget, mode: $gate_mode, settings: { max_age: 4s } }
YAML
start_risk
env -i PATH="$PATH" METRICS_PORT=0 "$bin/gatehost" run --config "$folder/gatehost.yaml" >>"$folder/host.log" 2>&1 &
host_pid=$!

echo "== shadow: budgets are computed, an intent over budget is permitted and recorded"
check "injection is accepted" 200 "$(inject)"
wait_for "a budget" is 1868 budget AUSDT budget_usd
check "budget of 100,000 at stress 0.066" 1868 "$(budget AUSDT budget_usd)"
check "mode of the budget" shadow "$(budget AUSDT mode)"
flat AUSDT BUSDT DUSDT EUSDT FUSDT GUSDT
submit shadow-over AUSDT 0.02
check "outcome" permit "$(field shadow-over outcome)"
check "permit" 1 "$(permitted shadow-over)"
check "would have blocked" p28-budget:p28_budget_violation "$(field shadow-over would_block)"
check "event" "$(violation AUSDT shadow)" "$(event shadow-over)"

echo "== enforce: an intent over budget is blocked, others are permitted"
set_mode enforce
wait_for "mode enforce in the budget" is enforce budget AUSDT mode
inject >/dev/null
submit enforce-over BUSDT 0.02
check "outcome" block "$(field enforce-over outcome)"
check "no permit" 0 "$(permitted enforce-over)"
check "block record" p28_budget_violation "$(block_reason enforce-over)"
check "event" "$(violation BUSDT enforce)" "$(event enforce-over)"
submit enforce-within BUSDT 0.01868
check "exactly the budget" permit "$(field enforce-within outcome)"
submit enforce-second BUSDT 0.0001
check "a reserved budget cannot be spent again" block "$(field enforce-second outcome)"
redis HSET quantum:position:snapshot:CUSDT position_amt 1 mark_price 100000 ts_epoch "$(date +%s)" >/dev/null
submit enforce-close CUSDT 1 action FULL_CLOSE_PROPOSED
check "a claimed close that increases the position is blocked" block "$(field enforce-close outcome)"
redis HSET quantum:position:snapshot:CUSDT position_amt -1 mark_price 100000 ts_epoch "$(date +%s)" >/dev/null
submit enforce-real-close CUSDT 1 action FULL_CLOSE_PROPOSED
check "a close of fifty times the budget" permit "$(field enforce-real-close outcome)"
check "it is granted capped, so that a later close cannot make it open" 1 "$(capped enforce-real-close)"
submit enforce-second-close CUSDT 1 action FULL_CLOSE_PROPOSED
redis DEL quantum:position:snapshot:CUSDT >/dev/null
check "a second close beside it cannot flip the position" 1 "$(capped enforce-second-close)"
check "its reason" p28-budget:p28_close_only "$(field enforce-second-close amended_by)"
submit enforce-unknown HUSDT 0.02
check "an intent over budget that may be a close is granted capped" 1 "$(capped enforce-unknown)"

echo "== stale portfolio state: the last known good state bridges the gap, and budgets still block"
redis DEL quantum:state:portfolio >/dev/null
wait_for "a budget from the last known good state" is lkg budget DUSDT state_source
check "source" lkg "$(budget DUSDT state_source)"
submit lkg-over DUSDT 0.02
check "outcome" block "$(field lkg-over outcome)"

echo "== the last known good state expires: no new budgets, and the gate visibly fails open"
stale() { [ $(($(date +%s) - $(budget EUSDT timestamp))) -gt 5 ]; }
wait_for "a budget too old" stale
submit expired-over EUSDT 0.02
check "outcome" permit "$(field expired-over outcome)"
check "reason" p28-budget:input_stale "$(field expired-over failed_open)"

echo "== fresh state again: a budget key of the wrong type affects only its own symbol"
inject >/dev/null
wait_for "a fresh budget" is fresh budget EUSDT state_source
redis DEL quantum:portfolio:budget:FUSDT >/dev/null
redis RPUSH quantum:portfolio:budget:FUSDT wrong >/dev/null
submit wrong-type FUSDT 0.02
check "outcome" permit "$(field wrong-type outcome)"
check "reason" p28-budget:input_unavailable "$(field wrong-type failed_open)"
submit beside-wrong-type GUSDT 0.02
check "another symbol" block "$(field beside-wrong-type outcome)"

echo "== the budget service is killed: budgets age, the gate fails open, and a restart enforces again"
kill -9 "$risk_pid"
wait "$risk_pid" 2>/dev/null
risk_pid=""
wait_for "a budget too old" stale
submit killed-over EUSDT 0.02 note again
check "outcome" permit "$(field killed-over outcome)"
check "reason" p28-budget:input_stale "$(field killed-over failed_open)"
redis DEL quantum:portfolio:budget:HUSDT >/dev/null
submit missing-over HUSDT 0.02
check "reason without any budget" p28-budget:input_missing "$(field missing-over failed_open)"
start_risk
inject >/dev/null
set_mode enforce
young() { ! stale && [ "$(budget HUSDT mode)" = enforce ]; }
wait_for "a budget of the restarted service" young
submit restarted-over GUSDT 0.02 note again
check "outcome" block "$(field restarted-over outcome)"

echo "== rollback: one command, and the same intent is permitted again"
set_mode shadow
wait_for "mode shadow in the budget" is shadow budget GUSDT mode
inject >/dev/null
submit rollback-over GUSDT 0.02
check "outcome" permit "$(field rollback-over outcome)"
check "would have blocked" p28-budget:p28_budget_violation "$(field rollback-over would_block)"

echo
echo "$checks assertions, ${#failures[@]} failed"
if [ ${#failures[@]} -eq 0 ] && kill -0 "$host_pid" 2>/dev/null; then
    echo "SUMMARY: PASS"
    exit 0
fi
for failure in "${failures[@]}"; do echo "  $failure"; done
kill -0 "$host_pid" 2>/dev/null || { echo "  the gate host has exited:"; tail -5 "$folder/host.log"; }
echo "SUMMARY: FAIL"
exit 1
