#!/bin/sh
# Installs Assay from the archive beside this script, after its checksum has been verified.
#   PREFIX=/usr/local ./install.sh
set -eu
cd "$(dirname "$0")"
name=@NAME@
prefix=${PREFIX:-/usr/local}
line=$(grep "  $name.tar.gz\$" SHA256SUMS) || { echo "install.sh: SHA256SUMS does not name $name.tar.gz" >&2; exit 1; }
echo "$line" | sha256sum -c - >/dev/null || { echo "install.sh: the checksum is wrong; nothing was installed" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tar -xzf "$name.tar.gz" -C "$folder"
mkdir -p "$prefix"
cp -R "$folder/$name/." "$prefix/"
echo "installed $("$prefix/bin/assay" --version) in $prefix"
