#!/usr/bin/env bash
# The gateway beside nginx as a reverse proxy, in one run on this machine. Needs nginx and wrk (apt-get install nginx wrk).
#   bench/gateway/run.sh [rest] [websocket] [events] [resume]    all without one
#   bench/gateway/run.sh prepare                                 only builds, so that a run after it only measures
# BENCH_OPTIONS=-Dbench.rounds=9 makes it longer; GATEWAY_OPTIONS goes to the gateway's own JVM.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root"
. build-tools/find-jdk.sh
slipway_find_jdk || exit 1
for tool in nginx wrk; do
  command -v "$tool" >/dev/null || { echo "bench: $tool is missing (apt-get install nginx wrk)" >&2; exit 1; }
done
classpath=gateway/target/bench.classpath
if [ "${1:-}" = prepare ] || [ ! -f "$classpath" ]; then
  ./mvnw -B -q -o -pl gateway -am -Djacoco.skip=true test-compile dependency:build-classpath -Dmdep.includeScope=test \
    -Dmdep.outputFile="$root/$classpath"
  [ "${1:-}" != prepare ] || exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ulimit -n "$(ulimit -Hn)" || true
"${JAVA_HOME:+$JAVA_HOME/bin/}java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -Xmx1g ${BENCH_OPTIONS:-} \
  -cp "gateway/target/classes:$(cat "$classpath")" bench/gateway/GatewayBench.java "$work" "$@" 2>&1 | grep --line-buffered -v " INFO \| WARN "
