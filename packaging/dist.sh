#!/usr/bin/env bash
# dist.sh BINARY OUT: makes the tarball, the Debian package, the install script and the checksums in the folder OUT.
# The output depends on the input alone: times are fixed by SOURCE_DATE_EPOCH (default: the last commit).
set -euo pipefail
cd "$(dirname "$0")/.."
binary=$1 out=$2
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
export SOURCE_DATE_EPOCH=$epoch LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

stripped=$work/assay
strip -s -o "$stripped" "$binary"
version=$("$stripped" --version)
case $(uname -m) in x86_64) deb=amd64 ;; aarch64) deb=arm64 ;; *) deb=$(uname -m) ;; esac
name=assay-$version-linux-$(uname -m)

# One tree serves both packages.
tree=$work/$name
install -D -m 755 "$stripped" "$tree/bin/assay"
python3 packaging/manual.py "$tree/bin/assay" "$tree/share/man/man1" "$epoch"
for shell in bash zsh fish; do
    case $shell in
        bash) target=share/bash-completion/completions/assay ;;
        zsh) target=share/zsh/site-functions/_assay ;;
        fish) target=share/fish/vendor_completions.d/assay.fish ;;
    esac
    mkdir -p "$tree/$(dirname "$target")"
    "$tree/bin/assay" --generate-completion-script "$shell" > "$tree/$target"
done
install -D -m 644 LICENSE "$tree/share/doc/assay/copyright"
for page in README.md CHANGELOG.md SECURITY.md docs/*.md; do install -D -m 644 "$page" "$tree/share/doc/assay/$(basename "$page")"; done
for schema in Schemas/*.json; do install -D -m 644 "$schema" "$tree/share/assay/schemas/$(basename "$schema")"; done

rm -rf "$out"
mkdir -p "$out"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$epoch" -C "$work" -cf - "$name" | gzip -n -9 > "$out/$name.tar.gz"

root=$work/deb
mkdir -p "$root/DEBIAN"
cp -a "$tree" "$root/usr"
size=$(du -sk "$root/usr" | cut -f1)
glibc=$(objdump -T "$stripped" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//')
# Packed relocations are read by the loader of glibc 2.36 and newer.
if readelf -d "$stripped" | grep -q '(RELR)'; then glibc="$glibc 2.36"; fi
# shellcheck disable=SC2086 # one version a word
glibc=$(printf '%s\n' $glibc | sort -uV | tail -1)
depends="libc6 (>= $glibc)"
for pair in libstdc++.so:libstdc++6 libgcc_s.so:libgcc-s1; do
    if objdump -p "$stripped" | grep -q "NEEDED *${pair%%:*}"; then depends="$depends, ${pair##*:}"; fi
done
cat > "$root/DEBIAN/control" <<CONTROL
Package: assay
Version: $version
Architecture: $deb
Maintainer: The Assay project
Installed-Size: $size
Depends: $depends
Section: utils
Priority: optional
Description: tests machine-learning models
 Judges model files by what loading them would do, without loading them.
CONTROL
find "$root" -exec touch -h -d "@$epoch" {} +
dpkg-deb --build --root-owner-group "$root" "$out/assay_${version}_$deb.deb" > /dev/null

sed "s/@NAME@/$name/g" packaging/install.sh > "$out/install.sh"
chmod 755 "$out/install.sh"
(cd "$out" && sha256sum -- *.tar.gz *.deb install.sh > SHA256SUMS)
ls -l "$out"
