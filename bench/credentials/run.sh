#!/usr/bin/env bash
# How fast credential-service answers mitm-proxy's question for a project's rules, on one core (client and server together).
# Prints a Markdown table, and how soon the proxy learns of a change. Client, server, broker and Postgres share that core.
#
#   bench/credentials/run.sh [core, default 0]    builds what it needs, then measures
#   bench/credentials/run.sh --build              builds only
#   bench/credentials/run.sh --built [core]       measures only, what was built before
#
# BENCH_JAVA_OPTIONS are options of the measured process, for a recording of JDK Flight Recorder for example.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
build=yes measure=yes
case ${1:-} in
  --build) measure=no; shift ;;
  --built) build=no; shift ;;
esac
core=${1:-0}
cd "$root"
# shellcheck source=build-tools/find-jdk.sh
. build-tools/find-jdk.sh
slipway_find_jdk
path=credential-service/target/bench-classpath
if [ "$build" = yes ]; then
  # The modules before it are built along, and each writes its own class path there: the last one's stays.
  ./mvnw -B -q -o -pl credential-service -am -Djacoco.skip=true test-compile dependency:build-classpath \
    -Dmdep.outputFile="$root/$path" -Dmdep.includeScope=test
fi
[ "$measure" = yes ] || exit 0
log=$(mktemp)
trap 'rm -f "$log"' EXIT
printf 'On %s, one core, load %s, %s:\n\n' "$(uname -sm)" "$(cut -d' ' -f1 /proc/loadavg)" "$(date -u +%F)"
printf '| rules | asked per s | median ms | p99 ms | p99.9 ms | at most per s | processor ms each |\n| --- | --- | --- | --- | --- | --- | --- |\n'
timeout 240 taskset -c "$core" "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx768m ${BENCH_JAVA_OPTIONS:-} -Djdk.virtualThreadScheduler.parallelism=16 \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "credential-service/target/test-classes:credential-service/target/classes:$(cat "$path")" \
  dev.slipway.credential.bench.RuleLookups 2>"$log" | grep -E '^(\||A change|$)' || { tail -20 "$log"; exit 1; }
