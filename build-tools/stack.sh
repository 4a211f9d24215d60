# Sourced by ./slipway: starts and stops the stack, says what it does, shows its logs, runs the CLI.
# shellcheck shell=bash disable=SC2154
launcher_class=dev.slipway.devstack.Launcher

stack_up() {
  local detach=no yes=no build=yes launcher_options=()
  while [ $# -gt 0 ]; do
    case $1 in
      --detach | -d) detach=yes ;;
      --yes | -y) yes=yes ;;
      --no-build) build=no ;;
      --isolated) launcher_options+=("$1") ;;
      --port | --kafka | --database-url)
        [ $# -gt 1 ] || fail "the option $1 needs a value"
        # A database's URL holds a password, and command lines are for all to see.
        if [ "$1" = --database-url ]; then export DATABASE_DSN=$2; else launcher_options+=("$1" "$2"); fi
        shift
        ;;
      --port=* | --kafka=*) launcher_options+=("${1%%=*}" "${1#*=}") ;;
      --database-url=*) export DATABASE_DSN=${1#*=} ;;
      *) fail "up: unknown option $1" "See:  ./slipway help" ;;
    esac
    shift
  done
  local pid
  if pid=$(running_launcher); then
    say "Slipway is already running: $(state_of url) (process $pid)"
    return 0
  fi
  slipway_find_jdk || exit 1
  private_folder "$home"
  private_folder "$home/logs"
  ensure_engine $yes
  if [ $build = yes ]; then
    build_modules
    ensure_image
    build_ui
  fi
  is_built devstack || fail "the launcher is not built" "Run it without --no-build."
  launch "${launcher_options[@]}"
  if [ $detach = yes ]; then follow until-up; else follow until-ended; fi
}

# Starts the launcher so that neither this shell's end nor a Ctrl-C meant for this script reaches it or its children.
launch() {
  local log=$home/logs/up.log cache aot detached=(nohup)
  : >"$log"
  cache=$root/devstack/target/slipway-$(aot_key).aot
  aot=("-Dslipway.aot.file=$cache")
  [ ! -f "$cache" ] || aot+=("-XX:AOTCache=$cache" "-Xlog:aot*=off" "-Xlog:cds*=off")
  ! command -v setsid >/dev/null 2>&1 || detached=(setsid nohup)
  "${detached[@]}" "$JAVA_HOME/bin/java" "@$root/devstack/jvm.options" "${aot[@]}" -cp "$(launcher_class_path)" "$launcher_class" \
    --project "$root" --home "$home" "$@" >>"$log" 2>&1 </dev/null &
  launcher=$!
  printf '%s\n' "$launcher" >"$home/launcher.pid"
}

# Names the AOT cache that fits: another JDK, option or jar, or another set of services to train with, is another name.
aot_key() {
  local format=(-c '%n %s %Y')
  stat "${format[@]}" / >/dev/null 2>&1 || format=(-f '%N %z %m')
  {
    cat "$JAVA_HOME/release" "$root/devstack/jvm.options"
    stat "${format[@]}" "$root/devstack/target/devstack-$version.jar" "$root"/devstack/target/libs/*.jar
    ls "$root"/*/target/*-"$version".jar
  } | sha256 | cut -c1-16
}

# Prints what the launcher says. until-up: returns when all is healthy. until-ended: a Ctrl-C here stops the stack in order.
follow() {
  local line partial='' up=no
  exec 3<"$home/logs/up.log"
  if [ "$1" = until-ended ]; then
    trap 'printf "\nStopping …\n"; kill -TERM "$launcher" 2>/dev/null || true' INT TERM HUP
  else
    trap 'kill -TERM "$launcher" 2>/dev/null || true' INT TERM
  fi
  while :; do
    local alive=no
    ! kill -0 "$launcher" 2>/dev/null || alive=yes
    while IFS= read -r line <&3 || { partial+=$line && false; }; do
      printf '%s\n' "$partial$line"
      case $line in *'Slipway is up: '*) up=yes ;; esac
      partial=''
    done
    if [ $up = yes ] && [ "$1" = until-up ]; then
      trap - INT TERM
      disown "$launcher" 2>/dev/null || true
      return 0
    fi
    if [ $alive = no ]; then
      rm -f "$home/launcher.pid"
      [ $up = yes ] || exit 1
      return 0
    fi
    sleep 0.1 || true
  done
}

stack_down() {
  local pid end
  if ! pid=$(running_launcher); then
    say "Slipway is not running."
    return 0
  fi
  say "Stopping Slipway (process $pid)"
  kill -TERM "$pid"
  end=$((SECONDS + 90))
  while is_launcher "$pid"; do
    if [ $SECONDS -ge $end ]; then
      kill -KILL "$pid" 2>/dev/null || true
      fail "it did not stop within 90 s and was killed; nothing that was stored is lost" "What it was doing is in $home/logs/launcher.log"
    fi
    sleep 0.1
  done
  rm -f "$home/launcher.pid"
  say "Slipway is stopped."
}

stack_restart() {
  if [ $# -eq 0 ] || [ "${1#-}" != "$1" ]; then
    stack_down
    # shellcheck disable=SC2119
    stack_up --detach "$@"
    return
  fi
  running_launcher >/dev/null || fail "Slipway is not running" "Start it:  ./slipway up --isolated --detach"
  [ "$(state_of shape)" = isolated ] || fail "all services share one JVM" "Restart all of them:  ./slipway restart" \
    "or start each in its own:  ./slipway up --isolated"
  local old new end port
  old=$(state_of "service.$1.pid")
  port=$(state_of "service.$1.port")
  [ -n "$old" ] || fail "unknown service: $1" "expected: gateway, workspace-service, session-service, container-service, credential-service or mitm-proxy"
  # Its launcher notices and starts it again.
  kill -TERM "$old" 2>/dev/null || true
  end=$((SECONDS + 90))
  slipway_find_jdk || exit 1
  while [ $SECONDS -lt $end ]; do
    new=$(state_of "service.$1.pid")
    if [ "$new" != "$old" ] && service_answers "$port" "$1"; then
      say "$1 is running again (process $new)"
      return 0
    fi
    sleep 0.2
  done
  fail "$1 is not healthy after 90 s" "Its log is $home/logs/$1.log"
}

service_answers() { # port, service
  local answer=''
  { exec 4<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 1
  # Behind TLS with certificates on both sides no more is to be learned from here than that it listens.
  if [ "$(state_of internal.tls)" = true ] && [ "$2" != gateway ]; then
    exec 4<&- 4>&-
    return 0
  fi
  printf 'GET /health HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&4
  IFS= read -r -t 5 answer <&4 || true
  exec 4<&- 4>&-
  case $answer in *' 200 '*) return 0 ;; *) return 1 ;; esac
}

stack_status() {
  slipway_find_jdk || exit 1
  if ! is_built devstack; then
    case " $* " in *' --json '*) say '{"state":"stopped"}' ;; *) say "Slipway is not built yet. Start it: ./slipway up" ;; esac
    exit 3
  fi
  local code=0
  java_for dev.slipway.devstack.Status --home "$home" "$@" || code=$?
  exit $code
}

stack_logs() {
  local service='' go_on=() argument files=()
  for argument in "$@"; do
    case $argument in -f | --follow) go_on=(-F) ;; -*) fail "logs: unknown option $argument" ;; *) service=$argument ;; esac
  done
  if [ -n "$service" ] && [ ! -f "$home/logs/$service.log" ]; then
    case $service in
      gateway | *-service | mitm-proxy | postgres | kafka | launcher | dockerd) fail "$service has written no log yet ($home/logs/$service.log)" ;;
      *) fail "no log of $service" "Services: gateway, workspace-service, session-service, container-service, credential-service, mitm-proxy; also postgres, kafka, launcher" ;;
    esac
  fi
  if [ -n "$service" ]; then files=("$home/logs/$service.log"); else files=("$home"/logs/*.log); fi
  [ -f "${files[0]}" ] || fail "there are no logs in $home/logs yet"
  exec tail -n 100 "${go_on[@]}" "${files[@]}"
}

run_cli() {
  slipway_find_jdk || exit 1
  is_built cli || build_modules contracts cli >&2
  local path=$root/cli/target/cli-$version.jar jar url=''
  for jar in "$root"/cli/target/libs/*.jar; do path=$path:$jar; done
  ! running_launcher >/dev/null || url=$(state_of url)
  [ -z "$url" ] || export SLIPWAY_URL=${SLIPWAY_URL:-$url}
  # The JVM keeps its archive of loaded classes up to date by itself; it halves the time to the first line.
  exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -XX:+AutoCreateSharedArchive \
    "-XX:SharedArchiveFile=$root/cli/target/cli.jsa" -Xlog:cds=off -Xlog:aot=off -cp "$path" dev.slipway.cli.Main "$@"
}

# The number of the launcher that holds this home, if it lives.
running_launcher() {
  local pid
  for pid in "$(cat "$home/launcher.pid" 2>/dev/null)" "$(state_of pid)"; do
    if is_launcher "$pid"; then
      printf '%s' "$pid"
      return 0
    fi
  done
  return 1
}

# Whether that process is a launcher of this home: numbers are used again.
is_launcher() {
  [ -n "$1" ] && kill -0 "$1" 2>/dev/null || return 1
  local line
  if [ -r "/proc/$1/cmdline" ]; then line=$(tr '\0' ' ' <"/proc/$1/cmdline"); else line=$(ps -o command= -p "$1"); fi
  case $line in *"$launcher_class"*"--home $home"*) return 0 ;; *) return 1 ;; esac
}

# A value from what the launcher wrote down about itself.
state_of() {
  local value
  value=$(sed -n "s/^$1=//p" "$home/stack.properties" 2>/dev/null || true)
  printf '%s' "${value//\\/}"
}
