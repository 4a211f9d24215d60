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
  local since=$SECONDS started code=0 ui_code=0
  started=$(date +%s)
  # The tests drive ./slipway on homes of their own; what is set for the user's own stack must not leak into them.
  (
    cd "$root"
    unset SLIPWAY_HOME DATABASE_DSN PORT AUTH_ENABLED ENCRYPTION_KEY SLIPWAY_UPSTREAMS SLIPWAY_TRUSTED_CA_FILE
    ./mvnw -B -ntp verify -Dslipway.excluded-groups= -fae "$@"
  ) || code=$?
  if [ -x "$root/ui/test.sh" ]; then
    (cd "$root/ui" && ./test.sh) || ui_code=$?
  fi
  say "The tests took $((SECONDS - since)) s."
  local summary=0
  "$JAVA_HOME/bin/java" "$root/build-tools/TestSummary.java" "$root" "$started" || summary=$?
  if [ $code -ne 0 ] || [ $ui_code -ne 0 ] || [ $summary -ne 0 ]; then exit 1; fi
}
