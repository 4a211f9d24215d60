#!/usr/bin/env bash
# Seconds to healthy and memory of the whole stack: first start on a new home, later starts without and with the AOT cache.
# Prints a Markdown table. Needs everything built (./slipway up once).   bench/startup.sh [runs per row, default 5] [--isolated]
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
runs=5
shape=()
for argument in "$@"; do
  case $argument in --isolated) shape=(--isolated) ;; *) runs=$argument ;; esac
done
SLIPWAY_HOME=$(mktemp -d /tmp/slb.XXXX)
export SLIPWAY_HOME
target=$root/devstack/target
aside=$(mktemp -d /tmp/slb-aot.XXXX)
trap '"$root/slipway" down >/dev/null 2>&1 || true; back; rm -rf "$SLIPWAY_HOME" "$aside"' EXIT

# Puts the cache back.
back() { mv "$aside"/*.aot "$target/" 2>/dev/null || true; }

# The stack's processes: the launcher and all below it.
processes() {
  local pid=$1 child
  echo "$pid"
  while read -r child; do processes "$child"; done < <(cat "/proc/$pid"/task/*/children 2>/dev/null | tr " " "\n" | grep .)
}

megabytes() { # proportional set size
  local pid sum=0 kilobytes
  for pid in $(processes "$(cat "$SLIPWAY_HOME/launcher.pid")"); do
    kilobytes=$(awk '/^Pss:/ {print $2}' "/proc/$pid/smaps_rollup" 2>/dev/null || echo 0)
    sum=$((sum + ${kilobytes:-0}))
  done
  echo $((sum / 1024))
}

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# One start: seconds, memory after it has come to rest, seconds of processor time of the launcher.
start() {
  local begin end ticks
  begin=$(date +%s.%N)
  SLIPWAY_AOT=off "$root/slipway" up --detach --no-build --port 0 "${shape[@]}" >/dev/null
  end=$(date +%s.%N)
  ticks=$(awk '{print $14 + $15}' "/proc/$(cat "$SLIPWAY_HOME/launcher.pid")/stat")
  sleep 3
  awk -v a="$begin" -v b="$end" -v t="$ticks" -v m="$(megabytes)" -v hz="$(getconf CLK_TCK)" 'BEGIN {printf "%.1f %d %.1f\n", b - a, m, t / hz}'
  "$root/slipway" down >/dev/null
}

row() { # title, number of starts, yes if each has a new home
  local i all=''
  for ((i = 0; i < $2; i++)); do
    [ "$3" = no ] || rm -rf "${SLIPWAY_HOME:?}"/*
    all+=$(start)$'\n'
  done
  printf '| %s | %s | %s | %s | %s |\n' "$1" "$2" "$(printf '%s' "$all" | awk '{print $1}' | median)" \
    "$(printf '%s' "$all" | awk '{print $3}' | median)" "$(printf '%s' "$all" | awk '{print $2}' | median)"
}

printf 'On %s, %s processors, load %s, %s:\n\n' "$(uname -sm)" "$(getconf _NPROCESSORS_ONLN)" "$(cut -d' ' -f1 /proc/loadavg)" "$(date -u +%F)"
printf '| start | runs | seconds to healthy (median) | launcher CPU s | memory MB (PSS, all processes) |\n| --- | --- | --- | --- | --- |\n'
mv "$target"/slipway-*.aot "$aside/" 2>/dev/null || true
row "new home, no AOT cache" 1 yes
row "kept home, no AOT cache" "$runs" no
if [ -n "$(ls "$aside")" ]; then
  back
  row "kept home, AOT cache" "$runs" no
  row "new home, AOT cache" 1 yes
fi
