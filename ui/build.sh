#!/bin/sh
# Builds ui/dist, which the gateway serves, with the Node on PATH (20.19 or newer) or else with the one in the sandbox
# image. Does nothing when neither a source nor this script changed since the last build.
#
#   ui/build.sh          build
#   ui/build.sh test     type check, lint and unit tests
#   ui/build.sh smoke    build, then walk through it in a real Chromium against the mock gateway
#
# SLIPWAY_SANDBOX_IMAGE names another image with Node; SLIPWAY_UI_FORCE=1 builds in any case.
set -eu
cd "$(dirname "$0")"
image="${SLIPWAY_SANDBOX_IMAGE:-slipway/sandbox:0.1.0}"
task="${1:-build}"

fail() {
  echo "ui: $*" >&2
  exit 1
}

# What the built files depend on, as one hash.
stamp() {
  { find src public -type f ! -name '*.test.ts' ! -name '*.test.tsx' | LC_ALL=C sort
    echo index.html package.json package-lock.json vite.config.ts tsconfig.json compress.mjs build.sh | tr ' ' '\n'
  } | xargs sha256sum | sha256sum | cut -d ' ' -f 1
}

node_is_new_enough() {
  command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 &&
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)'
}

# Runs a command line where Node is: here, or in the image with this folder mounted.
with_node() {
  if node_is_new_enough; then
    sh -euc "$1"
  elif command -v docker >/dev/null 2>&1 && docker image inspect "$image" >/dev/null 2>&1; then
    set -- "$1" $(for name in NPM_CONFIG_REGISTRY npm_config_registry HTTPS_PROXY https_proxy; do
      if printenv "$name" >/dev/null; then echo "-e $name"; fi
    done)
    line="$1"
    shift
    if [ -f "${NODE_EXTRA_CA_CERTS:-}" ]; then
      set -- "$@" -v "$NODE_EXTRA_CA_CERTS:/tmp/extra-ca.pem:ro" -e NODE_EXTRA_CA_CERTS=/tmp/extra-ca.pem
    fi
    docker run --rm --network host --user "$(id -u):$(id -g)" -e HOME=/tmp "$@" \
      -v "$PWD:/ui" -w /ui --entrypoint /bin/sh "$image" -euc "$line"
  else
    fail "needs Node 20.19 or newer with npm on PATH, or the image $image ('./slipway image build' makes it)"
  fi
}

# Dependencies are installed anew only when the lock file changed.
install='
want=$(sha256sum package-lock.json | cut -d " " -f 1)
if [ "$(cat node_modules/.installed 2>/dev/null || true)" != "$want" ]; then
  npm ci --ignore-scripts --no-audit --no-fund
  echo "$want" > node_modules/.installed
fi'

build() {
  now="$(stamp)"
  if [ "${SLIPWAY_UI_FORCE:-}" != 1 ] && [ -f dist/index.html ] && [ "$(cat dist/.stamp 2>/dev/null || true)" = "$now" ]; then
    echo "ui: dist is up to date"
    return
  fi
  with_node "$install
npm run build" || fail "the build failed; its reason stands above"
  echo "$now" > dist/.stamp
}

case "$task" in
  build) build ;;
  test) with_node "$install
npm run check" ;;
  smoke) build
    with_node "$install
npm run smoke" ;;
  *) fail "unknown task '$task' (expected: build, test or smoke)" ;;
esac
