#!/usr/bin/env bash
# Signs a model and evidence through SoftHSM2 with keys on two curves and verifies the signatures with their public keys.
# usage: pkcs11.sh ASSAY; needs softhsm2 and openssl
set -euo pipefail
assay=$(realpath "$1")
module=${PKCS11_MODULE:-/usr/lib/softhsm/libsofthsm2.so}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir tokens model
echo weights >model/w.bin
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\n' "$work" >softhsm2.conf
export SOFTHSM2_CONF=$work/softhsm2.conf
softhsm2-util --init-token --free --label assay --so-pin 5678 --pin 1234 >/dev/null
printf 1234 >pin
echo '{"ok": true}' >check.json
passed=0
for curve in P-256 P-384; do
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:$curve -out $curve.pem 2>/dev/null
    openssl pkey -in $curve.pem -pubout -out $curve.pub
    softhsm2-util --import $curve.pem --token assay --pin 1234 --label $curve --id "0$((passed + 1))" >/dev/null
    uri="pkcs11:token=assay;object=$curve?module-path=$module"
    "$assay" sign model --signature m.sig --pkcs11-uri "$uri" --password-file pin --quiet
    "$assay" verify model --signature m.sig --public-key $curve.pub --quiet
    "$assay" attest model --type https://example.com/check/v1 --predicate check.json --sign --pkcs11-uri "$uri" \
        --password-file pin --output $curve.json
    "$assay" evidence verify $curve.json --public-key $curve.pub --subject model >/dev/null
    passed=$((passed + 2))
done
# The second key signs what the first has signed.
"$assay" evidence sign P-256.json --pkcs11-uri "$uri" --password-file pin
"$assay" evidence verify P-256.json --public-key P-256.pub P-384.pub --threshold 2 >/dev/null
passed=$((passed + 1))
echo changed >model/w.bin
if "$assay" verify model --signature m.sig --public-key P-384.pub --quiet; then exit 1; fi
printf 9999 >wrong
if "$assay" sign model --signature m.sig --pkcs11-uri "$uri" --password-file wrong --quiet; then exit 1; fi
echo "$((passed + 2)) passed, 0 failed"
