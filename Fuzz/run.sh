#!/usr/bin/env bash
# Fuzzes each format's reader and judge for SECONDS (default 60): run.sh [FORMAT...]; seeds come from the corpora in CORPUS.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${SECONDS_EACH:-60}
corpus=${CORPUS:-../../shared/corpus}
work=${WORK:-.build-fuzz/corpora}

# `--sanitize=address --sanitize=fuzzer` together drops the coverage; this form keeps both.
swift build -c release --sanitize=fuzzer -Xswiftc -sanitize=fuzzer,address --scratch-path .build-fuzz --product FuzzScanner
binary=.build-fuzz/release/FuzzScanner
export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0

formats=("$@")
if [ ${#formats[@]} = 0 ]; then
    read -r -a formats < <(ASSAY_FUZZ=list "$binary" 2>/dev/null | sed -n 's/^ASSAY_FUZZ is none of: //p')
fi
failed=()
for format in "${formats[@]}"; do
    folder="$work/$format"
    mkdir -p "$folder" crashes
    if [ -d "$corpus" ] && [ -z "$(ls -A "$folder")" ]; then
        # Every sample is a seed for every reader: what one refuses at the first byte costs it nothing.
        find "$corpus" -type f -size -64k ! -name '*.jsonl' ! -name '*.py' -exec sh -c \
            'for f; do cp "$f" "$0/$(sha1sum "$f" | cut -c1-40)"; done' "$folder" {} +
    fi
    echo "== $format: $seconds s"
    if ! ASSAY_FUZZ="$format" "$binary" "$folder" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -max_len=65536 -artifact_prefix="crashes/$format-" -print_final_stats=1 >"$work/$format.log" 2>&1; then
        failed+=("$format")
        grep -E "ERROR|SUMMARY|Test unit written" "$work/$format.log" || tail -5 "$work/$format.log"
    fi
    grep -q "Loaded 1 modules" "$work/$format.log" || { echo "no coverage: the build is not instrumented"; exit 1; }
    grep -E "stat::number_of_executed_units|stat::average_exec_per_sec" "$work/$format.log" || true
done
[ ${#failed[@]} = 0 ] || { echo "crashed: ${failed[*]}"; exit 1; }
echo "no crash in ${#formats[@]} readers"
