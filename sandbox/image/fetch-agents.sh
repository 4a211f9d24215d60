#!/bin/sh
# Installs the pinned CLIs with npm, and leaves out what never runs here. Runs inside the build, as root.
#
# No package's install script is run: the only one that matters here (opencode's) links a binary, done below, and
# node-pty's would compile what a second, prebuilt package already brings.
set -eu
export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
npm_rc=/usr/local/etc/npmrc
[ -e "$npm_rc" ] && export NPM_CONFIG_GLOBALCONFIG="$npm_rc"
export NPM_CONFIG_CAFILE=/etc/ssl/certs/ca-certificates.crt

cd /opt/agents
npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
rm -rf /root/.npm

# Node and npm go to /usr/local, for everybody.
mkdir -p /opt/node/bin /opt/node/lib/node_modules
mv node_modules/node-linux-*/bin/node /opt/node/bin/node
mv node_modules/npm /opt/node/lib/node_modules/npm
rm -rf node_modules/node-linux-*
ln -s ../lib/node_modules/npm/bin/npm-cli.js /opt/node/bin/npm
ln -s ../lib/node_modules/npm/bin/npx-cli.js /opt/node/bin/npx

# Dead weight: builds for other C libraries and old CPUs, the voice host, source maps.
rm -rf node_modules/opencode-linux-*-baseline* node_modules/opencode-linux-*-musl \
       node_modules/@anthropic-ai/claude-agent-sdk-linux-*-musl
find node_modules/@openai -type f -name '*voice*' -size +1M -delete
find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

mkdir -p bin
for cli in claude-agent-acp codex-acp gemini; do
    ln -s "../node_modules/.bin/$cli" "bin/$cli"
done
ln -s "$(cd bin && ls -d ../node_modules/opencode-linux-*/bin/opencode)" bin/opencode
ln -s "$(cd bin && ls -d ../node_modules/@anthropic-ai/claude-agent-sdk-linux-*/claude)" bin/claude
ln -s ../node_modules/.bin/codex bin/codex
for cli in bin/*; do
    [ -e "$cli" ] || { echo "fetch-agents: $cli is missing from its package" >&2; exit 1; }
done
chmod -R a+rX /opt/agents /opt/node
