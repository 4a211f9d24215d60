# Sourced by ./slipway: what its parts share.
# shellcheck shell=bash disable=SC2154
home=${SLIPWAY_HOME:-$HOME/.slipway}
case $home in /*) ;; *) home=$PWD/$home ;; esac
export SLIPWAY_HOME=$home
version=0.1.0

say() { printf '%s\n' "$*"; }

# What is wrong, then what to do about it; ends the script.
fail() {
  printf '\nslipway: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

private_folder() {
  { mkdir -p "$1" && chmod 700 "$1"; } || fail "the folder $1 cannot be written" "Say where state may be kept: SLIPWAY_HOME=/some/folder ./slipway …"
}

sha256() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

java_for() { # main class and arguments; runs a small tool from the launcher's class path
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xshare:auto -cp "$(launcher_class_path)" "$@"
}

launcher_class_path() {
  local path="$root/devstack/target/devstack-$version.jar" jar
  for jar in "$root"/devstack/target/libs/*.jar; do path=$path:$jar; done
  printf '%s' "$path"
}
