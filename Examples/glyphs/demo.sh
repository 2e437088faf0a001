#!/usr/bin/env bash
# From a trained model to a page that an auditor can check, with every step that makes evidence on the way.
# usage: demo.sh ASSAY FOLDER
set -euo pipefail
assay=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
model=$here/model
# One day for everything, so that the demonstration says the same on every day. Your own commands leave it out.
today=2026-11-26
export SOURCE_DATE_EPOCH=1795651200

step() { printf '\n── %s\n' "$1"; }
shown=${out#"$PWD"/}
short() { sed "s|$here|Examples/glyphs|g; s|$out|$shown|g; s/^/   /"; }
run() {
    printf '$ assay%s\n' "$(printf ' %s' "$@")" | short
    "$assay" "$@" 2>&1 | short
}

rm -rf "$out" && mkdir -p "$out/evidence"
evidence=$out/evidence

step "A key for today. A real one lives in a token, or in a file that few can read."
openssl ecparam -name prime256v1 -genkey -noout -out "$out/key.pem" 2>/dev/null
openssl ec -in "$out/key.pem" -pubout -out "$out/key.pub" 2>/dev/null
key=(--private-key "$out/key.pem")

step "1. scan: would loading the files run code?"
run scan "$model" --evidence "$out/scan.json" --quiet
run evidence sign "$out/scan.json" "${key[@]}" --output "$evidence/scan.json"

step "2. sign: which files are the model, and who says so?"
run sign "$model" "${key[@]}" --signature "$out/model.sig"
run verify "$model" --signature "$out/model.sig" --public-key "$out/key.pub" --evidence "$out/verified.json"
run evidence sign "$out/verified.json" "${key[@]}" --output "$evidence/signature.json"

step "3. bom: what is it made of?"
run bom "$model" --timestamp "${today}T00:00:00Z" --output "$out/bom.json"
run attest "$model" --type cyclonedx --predicate "$out/bom.json" --sign "${key[@]}" --output "$evidence/bom.json"

step "4. What was measured: train.py wrote it beside the model."
run attest "$model" --type evaluation --predicate "$here/measurements/evaluation.json" --sign "${key[@]}" --output "$evidence/evaluation.json"
for kind in robustness privacy; do
    run attest "$model" --type check-result --predicate "$here/measurements/$kind.json" --sign "${key[@]}" --output "$evidence/$kind.json"
done

step "5. card init: what files and evidence say already; what nobody said is unknown."
run card init "$model" --evidence "$evidence" --public-key "$out/key.pub" --today "$today" --output "$out/draft.yaml" --quiet
sed -n '1,24p' "$out/draft.yaml" | sed 's/^/   │ /'

step "6. card build: people wrote Examples/glyphs/card.yaml; evidence joins them."
run card build "$here/card.yaml" --subject "$model" --evidence "$evidence" --public-key "$out/key.pub" --today "$today" --output "$out/card.yaml" --evidence-output "$out/card.json"
run card check "$out/card.yaml" --subject "$model" --evidence "$evidence" --public-key "$out/key.pub" --today "$today"
run card sign "$out/card.yaml" "${key[@]}" --output "$evidence/card.json"

step "7. controls assess: which obligations does the evidence support?"
run controls assess --card "$out/card.yaml" --subject "$model" --evidence "$evidence" --public-key "$out/key.pub" --date "$today" --only a-mlsg --color never --statement "$out/controls.json"
run controls assess --card "$out/card.yaml" --subject "$model" --evidence "$evidence" --public-key "$out/key.pub" --date "$today" --format html --output "$out/controls.html"
run evidence sign "$out/controls.json" "${key[@]}" --output "$evidence/controls.json"

step "8. card render: the page."
run card render "$out/card.yaml" --evidence "$evidence" --public-key "$out/key.pub" --today "$today" --output "$out/card.html"

step "9. card redact: what the public may see, and who reviewed it."
run card redact "$out/card.yaml" --audience public --reviewer "Grace Example" --date "$today" --review-record "$out/redaction.json" --output "$out/card.public.yaml" --quiet
run evidence sign "$out/redaction.json" "${key[@]}" --output "$evidence/redaction.json"
run evidence verify "$evidence" --public-key "$out/key.pub"

printf '\nThe card      %s\nThe page      %s\nThe controls  %s\n' "$shown/card.yaml" "$shown/card.html" "$shown/controls.html"
