#!/usr/bin/env bash
# Each file in a process of its own: the heap that one leaves behind must not hold up the checks and calls of the next.
set -euo pipefail
cd "$(dirname "$0")/../.."
status=0
while read -r file; do
  node_modules/.bin/mocha --no-config --timeout 600000 --fail-zero --forbid-only --forbid-pending "$file" || status=1
done < <(find dist/test/slow -name '*.test.js' | sort)
exit "$status"
