#!/usr/bin/env bash
# Makes one image per service: slipway/<service>:<version>. Needs the modules built (./mvnw package) and an engine.
#   build-tools/service-images.sh [--base-image IMAGE] [SERVICE …]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/build-tools/find-jdk.sh"
slipway_find_jdk

version=0.1.0
base=debian:bookworm-slim
services=()
while [ $# -gt 0 ]; do
  case $1 in
    --base-image) base=$2; shift 2 ;;
    -*) echo "service-images: unknown option $1 (known: --base-image IMAGE)" >&2; exit 2 ;;
    *) services+=("$1"); shift ;;
  esac
done
[ ${#services[@]} -gt 0 ] || services=(gateway workspace-service session-service container-service credential-service mitm-proxy)

# jdk.zipfs and jdk.jfr are found by no static analysis, and without them nothing starts or answers.
modules=java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.crypto.cryptoki,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.unsupported,jdk.zipfs
runtime="$root/target/runtime"
if [ ! -x "$runtime/bin/java" ]; then
  echo "service-images: linking a Java runtime"
  rm -rf "$runtime"
  "$JAVA_HOME/bin/jlink" --add-modules "$modules" --strip-debug --no-header-files --no-man-pages --compress zip-6 --output "$runtime"
fi

for service in "${services[@]}"; do
  jar="$root/$service/target/$service-$version.jar"
  [ -f "$jar" ] || { echo "service-images: $jar is missing. Build it first: ./mvnw -q -DskipTests package" >&2; exit 1; }
  context="$root/target/images/$service"
  rm -rf "$context" && mkdir -p "$context/app"
  cp -R "$runtime" "$context/runtime"
  cp -R "$root/$service/target/libs" "$context/libs"
  cp "$jar" "$context/app/"
  cp "$root/$service/Dockerfile" "$context/Dockerfile"
  [ ! -f "$root/$service/jvm.options" ] || cp "$root/$service/jvm.options" "$context/"
  echo "service-images: slipway/$service:$version"
  DOCKER_BUILDKIT=0 docker build -q --build-arg BASE_IMAGE="$base" -t "slipway/$service:$version" "$context"
done
