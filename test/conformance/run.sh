#!/usr/bin/env bash
# Asks a real server with Envoy's own types, and judges each answer by a plain model of the rules. Needs Go, and a build
# of the project. Both transports are asked; a line of each tells how many checks passed, counted from what Go reports.
set -euo pipefail
cd "$(dirname "$0")"
output=$(mktemp)
trap 'rm -f "$output"' EXIT

if ! command -v go >/dev/null; then
  echo 'the conformance checks need Go (see go.mod for the version): https://go.dev/doc/install' >&2
  exit 1
fi
unformatted=$(gofmt -l .)
if [ -n "$unformatted" ]; then
  printf 'not as gofmt writes it; run gofmt -w test/conformance:\n%s\n' "$unformatted" >&2
  exit 1
fi
go vet ./...

# Each check has a deadline of its own, so the whole needs none.
for transport in lean grpc-js; do
  if ! node ../../dist/test/conformance/against-server.js "$transport" go test -count=1 -timeout=0 -v . >"$output" 2>&1; then
    grep -vE '^=== (RUN|NAME)|^ +--- PASS' "$output" | head -300 >&2
    exit 1
  fi
  echo "over $transport: $(grep -oE 'seed [0-9]+ .*' "$output")"
  echo "$(grep -cE '^ +--- PASS: TestChecks/' "$output") checks passed"
done
