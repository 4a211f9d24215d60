# shellcheck shell=bash disable=SC2015
# Sourced by ./slipway and ./mvnw: puts the home of a JDK 25 or newer into JAVA_HOME, or ends with what to do about it.
slipway_jdk_major() {
  "$1/bin/java" -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p'
}

slipway_find_jdk() {
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* \
    "$HOME"/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "$(command -v javac >/dev/null 2>&1 && dirname "$(dirname "$(readlink -f "$(command -v javac)")")")"; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] || continue
    major=$(slipway_jdk_major "$candidate")
    if [ "${major:-0}" -ge 25 ] 2>/dev/null; then
      JAVA_HOME=$candidate
      export JAVA_HOME
      return 0
    fi
  done
  cat >&2 <<'TEXT'
slipway: no JDK 25 found (looked at JAVA_HOME, /usr/lib/jvm, /usr/java, /opt, ~/.sdkman, ~/.jdks, macOS's JVM folder, PATH).
  Install one (for example Eclipse Temurin 25), then run this again, or say where it is:  JAVA_HOME=/path/to/jdk-25 ./slipway …
TEXT
  return 1
}
