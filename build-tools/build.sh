# Sourced by ./slipway: builds the modules whose sources have changed since they were built, and no other.
# shellcheck shell=bash disable=SC2154
modules=(contracts service-kit agent mitm-proxy workspace-service session-service container-service credential-service gateway devstack cli)

# build_modules [module…]: all by default.
build_modules() {
  local wanted=("$@") stale=() module sums stamp list
  [ ${#wanted[@]} -gt 0 ] || wanted=("${modules[@]}")
  mkdir -p "$root/target"
  sums=$root/target/.sums.$$
  source_sums >"$sums"
  for module in "${wanted[@]}"; do
    [ -d "$root/$module/src/main" ] || continue
    is_built "$module" && [ "$(cat "$root/$module/target/.slipway-stamp" 2>/dev/null)" = "$(module_stamp "$module" "$sums")" ] || stale+=("$module")
  done
  if [ ${#stale[@]} -eq 0 ]; then
    rm -f "$sums"
    return 0
  fi
  list=$(IFS=, && printf '%s' "${stale[*]}")
  say "Building ${list//,/, } (the first build takes some minutes)"
  if ! (cd "$root" && with_build_lock ./mvnw -q -B -T 2 -DskipTests -Djacoco.skip=true -pl "$list" -am package); then
    rm -f "$sums"
    fail "the build failed; Maven's output is above" "To see all of it: ./mvnw -B -DskipTests -pl $list -am package"
  fi
  for module in "${stale[@]}"; do
    stamp=$(module_stamp "$module" "$sums")
    printf '%s\n' "$stamp" >"$root/$module/target/.slipway-stamp"
  done
  rm -f "$sums"
}

# One line per source file: its hash and its path.
source_sums() {
  (
    cd "$root" || exit
    local module
    {
      printf '%s\0' pom.xml
      for module in "${modules[@]}"; do
        [ ! -d "$module/src/main" ] || find "$module/src/main" "$module/pom.xml" -type f -print0
      done
    } | LC_ALL=C sort -z | xargs -0 bash -c 'if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi' sums
  )
}

# A module is as new as its own sources, the project's and those of the modules of ours that it is made with.
module_stamp() { # module, file of sums
  local own=("$1/" "pom.xml") name
  for name in contracts service-kit; do
    ! grep -q "<artifactId>$name</artifactId>" "$root/$1/pom.xml" || own+=("$name/")
  done
  awk -v names="${own[*]}" 'BEGIN { n = split(names, name, " ") } { for (i = 1; i <= n; i++) if (index($2, name[i]) == 1) { print; break } }' "$2" \
    | sha256 | cut -c1-64
}

is_built() {
  [ -f "$root/$1/target/$1-$version.jar" ] || return 1
  case $1 in contracts | service-kit) ;; *) [ -d "$root/$1/target/libs" ] ;; esac
}

# Two commands at once must not write the same files.
with_build_lock() {
  if command -v flock >/dev/null 2>&1; then flock -w 1800 "$root/target/build.lock" "$@"; else "$@"; fi
}

# The web UI; its own script knows what is stale, and where Node comes from.
build_ui() {
  [ -x "$root/ui/build.sh" ] || return 0
  with_build_lock "$root/ui/build.sh" build || say "The web UI could not be built (see above); everything else works without it."
}
