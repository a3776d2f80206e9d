#!/usr/bin/env bash
# Builds the fuzz targets and runs each for RUNS executions, at most MAX_SECONDS each.
# Usage: Fuzz/run.sh [target…]; without targets, all of them.
# Prints a line for each target. Fails on the first finding, or if a target does not reach RUNS executions in time.
set -euo pipefail
cd "$(dirname "$0")/.."

runs=${RUNS:-1000000}
seed=${SEED:-20261122}
max_seconds=${MAX_SECONDS:-7200}
scratch=${FUZZ_SCRATCH:-.build/fuzz}
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(amount intent configuration http records text)

# Longer inputs reach no more code and take longer.
declare -A longest=([amount]=192 [intent]=4096 [configuration]=2048 [http]=2048 [records]=2048 [text]=512)

# An instrumented build with its own scratch folder, so that it and the other builds do not invalidate each other. With
# the compiler flags of the release build it can also share that build's scratch folder (FUZZ_SCRATCH=.build) and reuse
# the dependencies, which are not instrumented.
export GATEHOST_FUZZ=1
swift build -c release --static-swift-stdlib --scratch-path "$scratch" --product gatehost-fuzz
program=$scratch/release/gatehost-fuzz

# libFuzzer reports findings at once. The Swift runtime's own backtraces would wait for a terminal.
export SWIFT_BACKTRACE=enable=no
# The Swift runtime never frees its metadata, which looks like leaks.
export ASAN_OPTIONS=detect_leaks=0

mkdir -p "$scratch/findings" "$scratch/logs"
echo "seed $seed, $runs executions a target"
for target in "${targets[@]}"; do
    # Inputs found on the way are discarded, so that the same seed gives the same run. People add to the corpora by
    # hand.
    found=$(mktemp -d)
    log=$scratch/logs/$target.log
    started=$SECONDS
    if ! "$program" "$target" -seed="$seed" -runs="$runs" -max_total_time="$max_seconds" \
        -max_len="${longest[$target]}" -dict="Fuzz/dictionaries/$target.dict" -timeout=20 -rss_limit_mb=4096 \
        -print_final_stats=1 -artifact_prefix="$scratch/findings/$target-" \
        "$found" "Fuzz/corpora/$target" >"$log" 2>&1; then
        tail -n 40 "$log"
        echo "$target: a finding, see $log" >&2
        echo "run it again: SWIFT_BACKTRACE=enable=no $program $target <the file named above>" >&2
        exit 1
    fi
    rm -rf "$found"
    executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    coverage=$(sed -n 's/.* cov: \([0-9]*\) ft.*/\1/p' "$log" | tail -n 1)
    echo "$target: $executed executions in $((SECONDS - started)) s, $coverage edges covered, no findings"
    if [ "$executed" -lt "$runs" ]; then
        echo "$target: the time ended before $runs executions: raise MAX_SECONDS" >&2
        exit 1
    fi
done
