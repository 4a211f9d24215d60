#!/usr/bin/env bash
# How fast credential-service answers mitm-proxy's question for a project's rules, on one core (client and server together).
# Prints a Markdown table, and how soon the proxy learns of a change. Client, server, broker and Postgres share that core. Needs everything built (./slipway up once).   bench/credentials/run.sh [core, default 0]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
core=${1:-0}
cd "$root"
path=$(mktemp)
log=$(mktemp)
trap 'rm -f "$path" "$log"' EXIT
./mvnw -B -q -o -pl credential-service test-compile dependency:build-classpath -Dmdep.outputFile="$path" -Dmdep.includeScope=test
. build-tools/find-jdk.sh
slipway_find_jdk
printf 'On %s, one core, load %s, %s:\n\n' "$(uname -sm)" "$(cut -d' ' -f1 /proc/loadavg)" "$(date -u +%F)"
printf '| rules | asked per s | median ms | p99 ms | p99.9 ms | at most per s | processor ms each |\n| --- | --- | --- | --- | --- | --- | --- |\n'
taskset -c "$core" "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx768m -Djdk.virtualThreadScheduler.parallelism=16 \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "credential-service/target/test-classes:credential-service/target/classes:$(cat "$path")" \
  dev.slipway.credential.bench.RuleLookups 2>"$log" | grep -E '^(\||A change|$)' || { tail -20 "$log"; exit 1; }
