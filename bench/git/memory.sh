#!/usr/bin/env bash
# A repository of one gigabyte that cannot be compressed, served by workspace-service in a process of its own with a small heap: cloned
# into a workspace, cloned by a sandbox, pushed to (100 MB), compared, applied. Prints what each took and the process's peak memory.
#   bench/git/memory.sh [heap, default 96m] [megabytes, default 1024]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! ./mvnw -B -q -o -pl workspace-service -am -Djacoco.skip=true -DargLine= package -Dtest=MemoryBenchmark \
  -Dsurefire.failIfNoSpecifiedTests=false "-Dslipway.test.jvm=-Dbench.heap=${1:-96m} -Dbench.megabytes=${2:-1024}" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
sed -n 's/.*BENCH \{0,1\}//p' "$log"
