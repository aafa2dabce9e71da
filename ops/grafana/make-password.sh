#!/bin/sh
# Writes a random password to FILE unless it holds one; only its owner may read it.
set -eu
file=$1
umask 077
[ ! -s "$file" ] || exit 0
LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom 2>/dev/null | head -c 32 >"$file.new"
mv "$file.new" "$file"
