#!/usr/bin/env bash
# Fuzzes each format's reader, judge and outline: run.sh [FORMAT...], all of them without arguments.
#
#   SECONDS_EACH  wall seconds for a format (60)
#   JOBS          formats at a time (1)
#   CORPUS        folder whose files, and what lies in them, become the seeds of the formats that recognise them
#   WORK          where corpora and logs are kept from run to run (.build-fuzz/corpora)
#
# Ends with 1 when a reader crashed, hung or took too much; the inputs are in Fuzz/crashes. Writes WORK/summary.tsv.
set -euo pipefail
cd "$(dirname "$0")"
export SECONDS_EACH=${SECONDS_EACH:-60} WORK=${WORK:-.build-fuzz/corpora}
corpus=${CORPUS:-../../shared/corpus}
binary=${BINARY:-.build-fuzz/release/FuzzScanner}
export binary
# Swift's own crash handler would come before libFuzzer's and keep it from writing the input.
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=64:allocator_may_return_null=1

# `--sanitize=address --sanitize=fuzzer` together drops the coverage; this form keeps both. The compiler leaves folders behind
# where temporary files go: in one of its own they go away with it.
[ -n "${BINARY:-}" ] || (
    TMPDIR=$(mktemp -d) && export TMPDIR && trap 'rm -rf "$TMPDIR"' EXIT
    swift build -c release -j 2 --sanitize=fuzzer -Xswiftc -sanitize=fuzzer,address \
        --scratch-path .build-fuzz --product FuzzScanner
)

mkdir -p "$WORK" crashes
if [ ! -d "$WORK/seeds" ]; then
    python3 make_seeds.py "$WORK/made"
    [ -d "$corpus" ] || corpus=$WORK/made
    find "$WORK/made" "$corpus" -type f ! -name '*.jsonl' ! -name 'README.md' -print0 | sort -z |
        ASSAY_FUZZ=seeds xargs -0 -n 100000 "$binary" "$WORK/seeds" >"$WORK/seeds.log"
fi

fuzz_one() {
    local format=$1 status=0 log=$WORK/$1.log
    mkdir -p "$WORK/$format" "$WORK/seeds/$format"
    # The limit of wall seconds is a last resort: the target itself measures CPU seconds.
    ASSAY_FUZZ="$format" "$binary" "$WORK/$format" "$WORK/seeds/$format" -max_total_time="$SECONDS_EACH" -timeout=300 \
        -report_slow_units=300 -rss_limit_mb=1024 -max_len=65536 -artifact_prefix="crashes/$format-" \
        -print_final_stats=1 >"$log" 2>&1 || status=$?
    grep -q "Loaded 1 modules" "$log" || { echo "$format: no coverage: the build is not instrumented"; return 1; }
    local runs edges features
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    edges=$(grep -oE 'cov: [0-9]+' "$log" | tail -1 | tr -dc 0-9)
    features=$(grep -oE 'ft: [0-9]+' "$log" | tail -1 | tr -dc 0-9)
    printf '%s\t%s\t%s\t%s\t%s\n' "$format" "${runs:-0}" "${edges:-0}" "${features:-0}" \
        "$([ $status = 0 ] && echo ok || echo FAILED)" | tee "$WORK/$format.result"
    [ $status = 0 ] || grep -E "ERROR|SUMMARY|Fatal|Test unit written" "$log" || tail -5 "$log"
    return 0
}
export -f fuzz_one

formats=("$@")
[ ${#formats[@]} != 0 ] || mapfile -t formats < <(ASSAY_FUZZ=list "$binary" 2>/dev/null)
rm -f "$WORK"/*.result
printf '%s\n' "${formats[@]}" | xargs -P "${JOBS:-1}" -I{} bash -c 'fuzz_one {}'
{
    printf 'format\texecutions\tedges\tfeatures\tresult\n'
    cat "$WORK"/*.result
} >"$WORK/summary.tsv"
[ "$(cat "$WORK"/*.result | wc -l)" = ${#formats[@]} ] || { echo "not every format ran"; exit 1; }
if grep -q FAILED "$WORK"/*.result; then echo "failed: $(grep -h FAILED "$WORK"/*.result | cut -f1 | tr '\n' ' ')"; exit 1; fi
echo "no crash in ${#formats[@]} formats"
