#!/usr/bin/env bash
# Asks the service and the git executable the same about a repository that somebody else made, at commits and files drawn by lot: log, file
# history, differences, contents, blame, folders, branches, status, merges, and a sandbox's clone, push and apply. Ends with 1 on the
# first answer that differs.
#   bench/git/real.sh <repository on this machine> [draws, default 40] [seed, default 1]
set -euo pipefail
repository=$(readlink -f "${1:?which repository? a folder with a clone, for example}")
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! ./mvnw -B -q -o -pl workspace-service -am -Djacoco.skip=true -DargLine= package -Dtest=RealHistoryCheck \
  -Dsurefire.failIfNoSpecifiedTests=false \
  "-Dslipway.test.jvm=-Dbench.repository=$repository -Dbench.draws=${2:-40} -Dbench.seed=${3:-1}" >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
sed -n 's/.*BENCH \{0,1\}//p' "$log"
