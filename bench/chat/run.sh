#!/usr/bin/env bash
# Measures chat, or plays chaos with it. Everything it needs runs in it: real Postgres and Kafka, a scripted agent.
#
#   bench/chat/run.sh latency [turns] [seconds] [chunks] [viewers]   added latency with many turns at once; replay of a
#                                                          long turn; many viewers of one session
#   bench/chat/run.sh chaos [turns] [sessions]             turns while replicas are killed and clients leave
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
case ${1:-latency} in
  latency) main=ChatLatency ;;
  chaos) main=ChatChaos ;;
  *) sed -n '2,7p' "$0" >&2; exit 2 ;;
esac
[ $# -eq 0 ] || shift
# shellcheck source=build-tools/find-jdk.sh
. "$root/build-tools/find-jdk.sh"
slipway_find_jdk
cd "$root"
list=$(mktemp)
trap 'rm -f "$list"' EXIT
./mvnw -q -o -pl session-service -am -Djacoco.skip=true test-compile dependency:build-classpath -Dmdep.outputFile="$list" -Dmdep.includeScope=test
module=$root/session-service/target
# service-kit's own tests are on that list, and their beans are not for this.
libraries=$(sed "s#[^:]*/service-kit/target/test-classes:*##g" "$list")
"$JAVA_HOME/bin/java" -XX:+UseSerialGC -Djdk.virtualThreadScheduler.parallelism=64 -Dslipway.test.fsync=on \
  ${BENCH_SERVICE_JVM:+"-Dbench.service.jvm=$BENCH_SERVICE_JVM"} -cp "$module/test-classes:$module/classes:$module/kit-testing:$libraries" \
  "dev.slipway.session.bench.$main" "$@"
