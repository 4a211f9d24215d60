#!/usr/bin/env bash
# Plays chaos with the whole stack, one process per service, real sandboxes and a real agent CLI on the scripted model: parts are
# killed with SIGKILL at random moments while turns run. Needs a container engine, the sandbox image, and everything built.
#
#   bench/chaos/run.sh [turns] [sessions] [agent type] [seconds between kills at most]     200 8 claude-code 8
#
# The exit code says whether every viewer of every turn saw the same bytes, those with what the agent's journal holds, and every
# message has one answer.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
# shellcheck source=build-tools/find-jdk.sh
. "$root/build-tools/find-jdk.sh"
slipway_find_jdk
cd "$root"
list=$(mktemp)
trap 'rm -f "$list"' EXIT
./mvnw -q -o -pl e2e -Djacoco.skip=true test-compile dependency:build-classpath -Dmdep.outputFile="$list" -Dmdep.includeScope=test
"$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dslipway.root="$root" \
  -cp "$root/e2e/target/test-classes:$(cat "$list")" dev.slipway.e2e.Chaos "$@"
