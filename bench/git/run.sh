#!/usr/bin/env bash
# workspace-service beside the git executable, in turns and in the same run: status, log, diff through the API and a sandbox's clone
# from the warm cache. Prints a Markdown table with the ratios and the goals (1.5 x git + 10 ms; clone 1.3 x git clone).
#   bench/git/run.sh [files, default 10000] [commits, default 2000] [rounds, default 15]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
printf 'On %s, %s processors, load %s, %s:\n\n' "$(uname -sm)" "$(getconf _NPROCESSORS_ONLN)" "$(cut -d' ' -f1 /proc/loadavg)" "$(date -u +%F)"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! ./mvnw -B -q -o -pl workspace-service -am -Djacoco.skip=true -DargLine= package -Dtest=GitBenchmark \
  -Dsurefire.failIfNoSpecifiedTests=false "-Dslipway.test.jvm=-Dbench.files=${1:-10000} -Dbench.commits=${2:-2000} -Dbench.rounds=${3:-15}" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
sed -n 's/.*BENCH \{0,1\}//p' "$log"
