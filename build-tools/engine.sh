# Sourced by ./slipway: finds a container engine, installs one where that is wanted, builds the sandbox image.
# shellcheck shell=bash disable=SC2154

# ensure_engine yes|no: exports DOCKER_HOST for an engine that answers, or ends with the command that helps.
ensure_engine() {
  find_engine && return
  local kept=''
  [ -n "${DOCKER_HOST:-}${SLIPWAY_ENGINE:-}" ] || kept=$(cat "$home/engine" 2>/dev/null) || true
  local other=podman
  [ "$kept" != podman ] || other=docker
  if [ -n "$kept" ] && answers_any "$other"; then
    fail "the sandboxes of this home are on $kept, which does not answer" "Start it, or go on with $other and without them:  SLIPWAY_ENGINE=$other ./slipway up"
  fi
  local install='apt-get update && apt-get install -y docker.io'
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    if [ "$1" = yes ] || ask "No container engine answers. Install and start docker.io with apt now?"; then
      install_docker
      return
    fi
    fail "no container engine answers, and sandboxes need one" "Run:  ./slipway up --yes        (installs docker.io with apt and starts it)" \
      "or:   $install && dockerd &"
  fi
  if command -v docker >/dev/null 2>&1; then
    fail "Docker is installed, but no engine answers at ${DOCKER_HOST:-/var/run/docker.sock}" \
      "Start it:        sudo systemctl start docker" "May you use it?  sudo usermod -aG docker $(id -un), then log in again"
  elif command -v podman >/dev/null 2>&1; then
    fail "Podman is installed, but its service does not run" "Run:  systemctl --user start podman.socket"
  elif command -v apt-get >/dev/null 2>&1; then
    fail "no container engine found, and sandboxes need one" "Run:  sudo sh -c '$install' && sudo usermod -aG docker $(id -un), then log in again"
  fi
  fail "no container engine found, and sandboxes need one" "Install Docker or Podman, start it, and run this again."
}

# Takes DOCKER_HOST if it is set; else, of the usual sockets, the first that answers: Podman's before Docker's on Linux, Docker's first
# elsewhere. SLIPWAY_ENGINE leaves only one kind. A home stays with the kind that it began with: its sandboxes, and what agents have in
# them, are there.
find_engine() {
  if [ -n "${DOCKER_HOST:-}" ]; then
    engine_answers "$DOCKER_HOST"
    return
  fi
  local kind kinds="docker podman" socket
  [ "$(uname -s)" != Linux ] || kinds="podman docker"
  case ${SLIPWAY_ENGINE:-auto} in
    docker | podman) kinds=$SLIPWAY_ENGINE ;;
    *)
      case $(cat "$home/engine" 2>/dev/null) in
        docker) kinds=docker ;;
        podman) kinds=podman ;;
        # From before this was written down; Docker came first then.
        *) [ ! -d "$home/postgres/data" ] || kinds="docker podman" ;;
      esac
      ;;
  esac
  for kind in $kinds; do
    while IFS= read -r socket; do
      if [ -S "$socket" ] && engine_answers "unix://$socket"; then
        export DOCKER_HOST=unix://$socket
        remember_engine "$kind"
        return 0
      fi
    done < <(engine_sockets "$kind")
  done
  return 1
}

answers_any() { # docker|podman
  local socket
  while IFS= read -r socket; do
    ! { [ -S "$socket" ] && engine_answers "unix://$socket"; } || return 0
  done < <(engine_sockets "$1")
  return 1
}

engine_sockets() { # docker|podman
  local runtime=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}
  case $1 in
    docker) printf '%s\n' /var/run/docker.sock "$runtime/docker.sock" "$HOME/.docker/run/docker.sock" ;;
    podman) printf '%s\n' "$runtime/podman/podman.sock" /run/podman/podman.sock "$HOME/.local/share/containers/podman/machine/podman.sock" ;;
  esac
}

remember_engine() { # docker|podman; only in a home that is there, and says so where it changes
  [ -d "$home" ] || return 0
  local before
  before=$(cat "$home/engine" 2>/dev/null) || before=
  [ "$before" != "$1" ] || return 0
  [ -z "$before" ] || say "Sandboxes run on $1 from now on; what $before has of earlier sessions stays there (SLIPWAY_ENGINE=$before for it)."
  printf '%s\n' "$1" >"$home/engine"
}

# Which program reaches the engine that DOCKER_HOST names. Docker's own speaks to both.
engine_program() {
  case ${DOCKER_HOST:-} in
    *podman*) ! command -v podman >/dev/null 2>&1 || { echo podman && return; } ;;
  esac
  if command -v docker >/dev/null 2>&1; then echo docker; else echo podman; fi
}

engine_answers() { # an address as in DOCKER_HOST
  case $1 in
    unix://*)
      [ -S "${1#unix://}" ] || return 1
      if command -v curl >/dev/null 2>&1; then
        [ "$(curl -s -m 10 --unix-socket "${1#unix://}" http://engine/_ping 2>/dev/null)" = OK ]
      else
        "$JAVA_HOME/bin/java" "$root/build-tools/EnginePing.java" "${1#unix://}"
      fi
      ;;
    tcp://* | http://* | https://*)
      local address=${1#*://}
      (exec 3<>"/dev/tcp/${address%%:*}/${address##*:}") 2>/dev/null
      ;;
    *) return 1 ;;
  esac
}

ask() {
  [ -t 0 ] && [ -t 1 ] || return 1
  local answer
  read -r -p "$1 [Y/n] " answer
  case $answer in '' | [yY]*) return 0 ;; *) return 1 ;; esac
}

install_docker() {
  local log=$home/logs/docker-install.log
  private_folder "$home" && private_folder "$home/logs"
  if ! command -v dockerd >/dev/null 2>&1; then
    say "Installing docker.io (log: $log)"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends docker.io ca-certificates iptables; } >"$log" 2>&1 \
      || fail "docker.io could not be installed: $(tail -n 1 "$log")" "Run it by hand and see:  apt-get update && apt-get install -y docker.io"
  fi
  start_docker || fail "dockerd does not start: $(tail -n 1 "$home/logs/dockerd.log" 2>/dev/null)" "Its log is $home/logs/dockerd.log"
  export DOCKER_HOST=unix:///var/run/docker.sock
  remember_engine docker
}

# With systemd as its service; without, as a process that outlives this one.
start_docker() {
  if [ -d /run/systemd/system ]; then
    systemctl start docker >/dev/null 2>&1 || true
    await_docker 30 && return
  fi
  say "Starting dockerd (log: $home/logs/dockerd.log)"
  forget_process /var/run/docker.pid dockerd
  forget_process /var/run/docker/containerd/containerd.pid containerd
  local options
  # Where the kernel refuses to make bridges or filter packets, sandboxes lose nothing: they have no network interface.
  for options in "" "--iptables=false --ip6tables=false --bridge=none"; do
    # shellcheck disable=SC2086 # two or no words
    setsid nohup dockerd $options >>"$home/logs/dockerd.log" 2>&1 </dev/null &
    local pid=$!
    await_docker 45 "$pid" && return
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  return 1
}

# A killed engine leaves its process number behind. When another program has the number now, dockerd would take that for itself.
forget_process() { # file, program
  local pid
  pid=$(cat "$1" 2>/dev/null) || return 0
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$2" ] || rm -f "$1"
}

await_docker() { # seconds, process that is to answer
  local end=$((SECONDS + $1))
  while [ $SECONDS -lt $end ]; do
    ! engine_answers unix:///var/run/docker.sock || return 0
    [ -z "${2:-}" ] || kill -0 "$2" 2>/dev/null || return 1
    sleep 0.3
  done
  return 1
}

image_command() {
  [ "${1:-}" = build ] || fail "image: ${1:-nothing} (expected: build)" "./slipway image build [--bootstrap]"
  shift
  slipway_find_jdk || exit 1
  case " $* " in *" --help "* | *" -h "*) exec "$root/sandbox/build.sh" --help ;; esac
  ensure_engine no
  build_modules contracts agent
  "$root/sandbox/build.sh" "$@"
  record_image
}

# Builds the sandbox image if it is missing or older than what it is made of.
ensure_image() {
  # Whoever names an image of their own builds it themselves.
  [ -z "${CONTAINER_IMAGE:-}" ] || return 0
  [ -x "$root/sandbox/build.sh" ] || return 0
  local recorded=$root/target/sandbox-image
  if [ -f "$recorded" ] && [ "$(cat "$recorded")" = "$(image_stamp)" ]; then return 0; fi
  say "Building the sandbox image (the first time takes some minutes)"
  "$root/sandbox/build.sh" || fail "the sandbox image could not be built; why is above" "Try again alone:  ./slipway image build" \
    "Where its base image cannot be pulled:  ./slipway image build --bootstrap"
  record_image
}

record_image() {
  mkdir -p "$root/target"
  image_stamp >"$root/target/sandbox-image"
}

# What the image was made of, and which image it is now on the engine that was chosen.
image_stamp() {
  (cd "$root" && find sandbox -name .build -prune -o -name node_modules -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 cat | sha256 | cut -c1-64)
  cat "$root/agent/target/.slipway-stamp" 2>/dev/null || true
  local program
  program=$(engine_program)
  echo "$program"
  "$program" image inspect --format '{{.Id}}' "slipway/sandbox:$version" 2>/dev/null || true
}
