#!/usr/bin/env bash
# The gateway beside nginx as a reverse proxy, in one run on this machine. Needs nginx and wrk (apt-get install nginx wrk) and the
# gateway's classes (./mvnw -pl gateway test-compile). Usage: bench/gateway/run.sh [rest] [events] [websocket]; all without one.
# BENCH_OPTIONS=-Dbench.rounds=9 makes it longer.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
. build-tools/find-jdk.sh
slipway_find_jdk || exit 1
for tool in nginx wrk; do
  command -v "$tool" >/dev/null || { echo "bench: $tool is missing (apt-get install nginx wrk)" >&2; exit 1; }
done
[ -d gateway/target/test-classes ] || ./mvnw -B -q -pl gateway test-compile
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
./mvnw -B -q -o -pl gateway dependency:build-classpath -DincludeScope=test -Dmdep.outputFile="$work/classpath" >/dev/null
ulimit -n "$(ulimit -Hn)" || true
"${JAVA_HOME:+$JAVA_HOME/bin/}java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xmx1g ${BENCH_OPTIONS:-} \
  -cp "gateway/target/classes:$(cat "$work/classpath")" bench/gateway/GatewayBench.java "$work" "$@" 2>&1 | grep --line-buffered -v " INFO \| WARN "
