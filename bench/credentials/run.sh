#!/usr/bin/env bash
# How fast credential-service answers mitm-proxy's question for a project's rules. The service has one core for itself and runs as
# its image starts it, in a container's memory of 512 MB; the load generator, Postgres and the broker are processes of their own on
# another core. Prints a row of a Markdown table for each of three rounds, how soon the proxy learns of a change, and what the same
# pace takes against nginx in the service's place, which reads as many bytes from a file: the share of the machine.
#
#   bench/credentials/run.sh [core, default 0] [core of the others, default 1]    builds what it needs, then measures
#   bench/credentials/run.sh --build                                             builds only
#   bench/credentials/run.sh --built [core] [core of the others]                 measures only, what was built before
#
# BENCH_JAVA_OPTIONS are further options of the measured process, for a recording of JDK Flight Recorder for example. BENCH_ALONE is a
# command that runs what it is given while nothing else runs on the machine: the half minute of measuring, not the minutes before.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
build=yes measure=yes
case ${1:-} in
  --build) measure=no; shift ;;
  --built) build=no; shift ;;
esac
core=${1:-0} others=${2:-1}
[ "$(nproc)" -gt 1 ] || others=$core
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

folder=$(mktemp -d)
started=()
finish() {
  exec 9>&- || true
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
fail() { echo "$1" >&2; for log in "$folder"/*.log; do tail -n 20 "$log" >&2; done; exit 1; }
# await SECONDS COMMAND…: until it succeeds
await() {
  local end=$((SECONDS + $1)); shift
  until "$@" 2>/dev/null; do [ $SECONDS -lt $end ] || return 1; sleep 0.1; done
}
libraries=credential-service/target/classes:$(cat "$path")
tests=credential-service/target/test-classes:$libraries
quiet=(-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)

mkfifo "$folder/stay"
taskset -c "$others" "$JAVA_HOME/bin/java" "${quiet[@]}" -Xmx256m -cp "$tests" dev.slipway.credential.bench.Surroundings "$folder/environment" \
  <"$folder/stay" >"$folder/surroundings.log" 2>&1 &
started+=($!)
exec 9>"$folder/stay"
await 60 test -f "$folder/environment" || fail "Postgres and Kafka do not start"
set -a
# shellcheck disable=SC1091
. "$folder/environment"
set +a

port=$(shuf -i 20000-29999 -n 1) proxy=$(shuf -i 30000-31999 -n 1)
# What the image starts it with, but for the paths there.
mapfile -t flags < <(sed -n 's/^ENTRYPOINT \[\(.*\)\]$/\1/p' credential-service/Dockerfile | tr ',' '\n' | sed 's/^ *"//; s/"$//' | grep '^-[XD-]' | grep -vx -e -- )
# In a container no thread may rise above others; only root here could.
as_there=()
[ "$(id -u)" != 0 ] || as_there=(setpriv --bounding-set=-sys_nice --inh-caps=-sys_nice)
ENCRYPTION_KEY=00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210 PORT=$port MITM_PROXY_URL=http://127.0.0.1:$proxy \
  taskset -c "$core" "${as_there[@]}" "$JAVA_HOME/bin/java" "${flags[@]}" -XX:MaxRAM=512m ${BENCH_JAVA_OPTIONS:-} -cp "$libraries" dev.slipway.credential.Application \
  >"$folder/service.log" 2>&1 &
service=$!
started+=("$service")
await 60 curl -fs -o /dev/null "http://127.0.0.1:$port/health" || fail "credential-service does not start"

printf 'On %s, the service on one core with %s, load %s, %s:\n\n' "$(uname -sm)" "${flags[*]} ${BENCH_JAVA_OPTIONS:-}" "$(cut -d' ' -f1 /proc/loadavg)" "$(date -u +%F)"
printf '| rules | asked per s | median ms | p99 ms | p99.9 ms | longest ms | processor | at most per s | processor ms each |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n'
generator=(taskset -c "$others" "$JAVA_HOME/bin/java" "${quiet[@]}" -Xmx256m -Xmn160m -cp "$tests" dev.slipway.credential.bench.RuleLookups)
timeout 600 "${generator[@]}" warm "$proxy" "$port" "$service" 2>"$folder/generator.log" || fail "the load generator failed"
# The machine's own share of it: nginx in the service's place, with an answer as long.
command -v nginx >/dev/null || fail "nginx is needed: with it is told what the machine adds by itself"
nginx_port=$(shuf -i 20000-29999 -n 1)
mkdir "$folder/nginx"
chmod 711 "$folder" # nginx as root reads as nobody
cat >"$folder/nginx.conf" <<END
daemon off; worker_processes 1; pid $folder/nginx.pid; error_log $folder/nginx.log;
events { }
http { access_log off; keepalive_requests 1000000; root $folder/nginx;
  client_body_temp_path $folder/n1; proxy_temp_path $folder/n2; fastcgi_temp_path $folder/n3; uwsgi_temp_path $folder/n4; scgi_temp_path $folder/n5;
  server { listen 127.0.0.1:$nginx_port; location / { try_files /answer =404; } } }
END
head -c 6000 /dev/zero | tr '\0' r >"$folder/nginx/answer"
taskset -c "$core" nginx -c "$folder/nginx.conf" &
started+=($!)
await 10 curl -fs -o /dev/null "http://127.0.0.1:$nginx_port/" || fail "nginx does not start"
for _ in 1 2 3; do
  # shellcheck disable=SC2086
  timeout 900 ${BENCH_ALONE:-} "${generator[@]}" measure "$proxy" "$port" "$service" 2>"$folder/generator.log" || fail "the load generator failed"
  # shellcheck disable=SC2086
  timeout 120 ${BENCH_ALONE:-} "${generator[@]}" floor "$proxy" "$nginx_port" "$service" 2>"$folder/generator.log" || fail "the load generator failed"
done
