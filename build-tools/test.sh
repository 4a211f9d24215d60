# Sourced by ./slipway: runs every test of the project and counts them.
# shellcheck shell=bash disable=SC2154

# run_tests [maven options]
run_tests() {
  slipway_find_jdk || exit 1
  private_folder "$home"
  private_folder "$home/logs"
  ensure_engine yes
  build_modules
  ensure_image
  build_ui
  local since=$SECONDS started code=0 ui_code=0 ui='' more=()
  started=$(date +%s)
  # Beside the first modules' tests, which leave a processor free for most of the time; shown when those are done.
  if [ -x "$root/ui/build.sh" ]; then
    mkdir -p "$root/target"
    rm -f "$root/target/ui-tests.counts"
    # A process group of its own, so that all of it can be ended.
    set -m
    { run_ui_tests || exit 1; } >"$root/target/ui-tests.log" 2>&1 </dev/null &
    ui=$!
    set +m
    # shellcheck disable=SC2064 # the process as it is now
    trap "kill -- -$ui 2>/dev/null; exit 130" INT TERM
  fi
  # The tests drive ./slipway on homes of their own; what is set for the user's own stack must not leak into them.
  (
    cd "$root"
    unset SLIPWAY_HOME DATABASE_DSN PORT AUTH_ENABLED ENCRYPTION_KEY SLIPWAY_UPSTREAMS SLIPWAY_TRUSTED_CA_FILE
    # A test that fails is tried once more; the summary names those that needed it, and how many may. Coverage takes time and is measured
    # when it is asked for (-Djacoco.skip=false).
    maven=(./mvnw -B -ntp verify -Dslipway.excluded-groups= -Djacoco.skip=true -Dsurefire.rerunFailingTestsCount=1 -fae)
    if [ $# -gt 0 ]; then
      "${maven[@]}" "$@"
    else
      # Two modules at a time, since each waits for most of the time; then the stacks by themselves, from jars that nobody writes.
      failed=0
      "${maven[@]}" -T 2 -pl '!e2e' || failed=1
      "${maven[@]}" -pl e2e || failed=1
      exit $failed
    fi
  ) || code=$?
  if [ -n "$ui" ]; then
    wait "$ui" || ui_code=$?
    trap - INT TERM
    cat "$root/target/ui-tests.log"
    [ -f "$root/target/ui-tests.counts" ] || printf '%s\n' "5 web UI=0,1,0" >"$root/target/ui-tests.counts"
    mapfile -t more <"$root/target/ui-tests.counts"
  fi
  say "The tests took $((SECONDS - since)) s."
  local summary=0
  "$JAVA_HOME/bin/java" "$root/build-tools/TestSummary.java" "$root" "$started" "${more[@]}" || summary=$?
  if [ $code -ne 0 ] || [ $ui_code -ne 0 ] || [ $summary -ne 0 ]; then exit 1; fi
}

# The web UI's own tests: types, lint and unit tests, then a walk through it in a real browser. Leaves their counts in a file.
run_ui_tests() {
  local said=$root/target/ui-unit-tests.log code=0 line more=()
  "$root/ui/build.sh" test 2>&1 | tee "$said" || code=1
  line=$(sed 's/\x1b\[[0-9;]*m//g' "$said" | grep -E '^ *Tests  +' | tail -n 1)
  more+=("5 web UI=$(number_of passed "$line"),$(number_of failed "$line"),$(number_of skipped "$line")")
  # Types and lint have no count of their own, and neither has a run that never came to its tests.
  [ $code -eq 0 ] || [ "$(number_of failed "$line")" -gt 0 ] || more+=("5 web UI=0,1,0")
  if "$root/ui/build.sh" smoke; then
    more+=("6 web UI in a browser=1,0,0")
  elif "$root/ui/build.sh" smoke; then
    more+=("6 web UI in a browser=1,0,0" "unstable=web UI in a browser")
  else
    more+=("6 web UI in a browser=0,1,0")
    code=1
  fi
  printf '%s\n' "${more[@]}" >"$root/target/ui-tests.counts"
  return $code
}

number_of() { # word, line such as "Tests  2 failed | 40 passed (42)"
  local number
  number=$(printf '%s' "$2" | grep -oE "[0-9]+ $1" | head -n 1 | cut -d' ' -f1 || true)
  printf '%s' "${number:-0}"
}
