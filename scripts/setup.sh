#!/bin/sh
# Installs missing Debian packages that the build and the tests need. Arguments add optional tools: `promtool` checks
# the alert rules, `stunnel` runs the TLS tests (both are skipped without it), `python` runs the reference execution
# layer and the benchmark's Python consumers.
set -eu

missing=""
[ -e /usr/include/hiredis/hiredis.h ] || missing="$missing libhiredis-dev"
command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
for tool in "$@"; do
    case $tool in
        promtool) command -v promtool >/dev/null 2>&1 || missing="$missing prometheus" ;;
        stunnel)
            command -v stunnel >/dev/null 2>&1 || missing="$missing stunnel4"
            command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
            ;;
        python)
            /usr/bin/python3 -c 'import redis, hiredis' 2>/dev/null || missing="$missing python3-redis python3-hiredis"
            ;;
        *) echo "unknown tool: $tool" >&2; exit 2 ;;
    esac
done
[ -z "$missing" ] && exit 0

echo "installing:$missing"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || { echo "root is needed to install:$missing" >&2; exit 1; }
    as_root="sudo"
fi
# GateHost starts its own Redis servers. This policy keeps the package from starting the system-wide one.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    # Before the file is there, so that no signal leaves it behind. dash runs no EXIT trap on a signal.
    trap '$as_root rm -f "$policy"' EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod +x "$policy"
fi
$as_root apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing
