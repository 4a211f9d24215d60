#!/usr/bin/env bash
# Measures chat, or plays chaos with it. Everything it needs runs in it: real Postgres and Kafka, a scripted agent.
#
#   bench/chat/run.sh latency [turns] [seconds] [chunks]   added latency with many turns at once; replay of a long turn
#   bench/chat/run.sh chaos [turns] [sessions]             turns while replicas are killed and clients leave
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
case ${1:-latency} in
  latency) main=ChatLatency ;;
  chaos) main=ChatChaos ;;
  *) sed -n '2,6p' "$0" >&2; exit 2 ;;
esac
[ $# -eq 0 ] || shift
# shellcheck source=build-tools/find-jdk.sh
. "$root/build-tools/find-jdk.sh"
slipway_find_jdk
cd "$root"
list=$(mktemp)
trap 'rm -f "$list"' EXIT
./mvnw -q -o -pl session-service test-compile dependency:build-classpath -Dmdep.outputFile="$list" -Dmdep.includeScope=test
module=$root/session-service/target
"$JAVA_HOME/bin/java" -XX:+UseSerialGC -cp "$module/test-classes:$module/classes:$module/kit-testing:$(cat "$list")" \
  "dev.slipway.session.bench.$main" "$@"
