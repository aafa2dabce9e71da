#!/bin/sh
# Makes the keys of a first start: one for the page, in the data folder, and one for Prometheus, in SECRETS. Idempotent.
set -eu
umask 077
home=${RENOWN_HOME:-/data}
secrets=${SECRETS:-/secrets}

# make_key NAME SCOPE FILE MODE: a key that is lost or was revoked is replaced, one that works is left alone.
make_key() {
  live=$(renown keys list --json | node -e '
    const keys = JSON.parse(require("node:fs").readFileSync(0, "utf8"))
    console.log(keys.filter((key) => key.name === process.argv[1] && key.revoked === null).map(({ id }) => id).join(" "))
  ' "$1")
  if [ -n "$live" ] && [ -s "$3" ]; then return 0; fi
  for id in $live; do renown keys revoke "$id" >/dev/null; done
  renown keys create --name "$1" --scopes "$2" >"$3.new" 2>/dev/null
  chmod "$4" "$3.new"
  mv "$3.new" "$3"
}

make_key page admin "$home/page-key" 400
make_key prometheus read "$secrets/metrics-key" 440
echo "The page asks for a key; docker compose exec renown cat $home/page-key shows it."
