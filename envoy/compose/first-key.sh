#!/bin/sh
# Once, before the first `docker compose up`: builds the image, makes the site admin's key in modelgate-admin.key (for your eyes
# alone), and notes in .env as whom the container runs, which must be who may read that key: you, but never root.
set -eu
umask 077
cd "$(dirname "$0")/../.."
key=modelgate-admin.key
image=modelgate:local

if [ -e "$key" ]; then
  echo "$key is there already: keep it, or remove it together with the volume of the site that it opens" >&2
  exit 1
fi
uid=$(id -u)
gid=$(id -g)
if [ "$uid" -eq 0 ]; then
  uid=10001
  gid=10001
fi

docker build --tag "$image" .
trap 'rm -f "$key.new"' EXIT
docker run --rm --network none --read-only --cap-drop ALL --security-opt no-new-privileges "$image" bootstrap-key >"$key.new"
if [ "$(id -u)" -eq 0 ]; then
  chown "$uid:$gid" "$key.new"
fi
touch .env
grep -q '^RUN_AS_UID=' .env || printf 'RUN_AS_UID=%s\nRUN_AS_GID=%s\n' "$uid" "$gid" >>.env
mv "$key.new" "$key"
echo "$key made; next: docker compose up --detach --wait"
