#!/bin/sh
# Puts into /opt/slipway/home what a first start would otherwise cost: opencode's migrated database. The supervisor
# copies the folder to an empty /data/home. Also proves that each CLI starts at all. Runs inside the build, as root.
set -eu
warm=/opt/slipway/home
mkdir -p "$warm"
export HOME="$warm" IS_SANDBOX=1 OPENCODE_DISABLE_AUTOUPDATE=1 OPENCODE_DISABLE_MODELS_FETCH=1

echo "node $(node --version), npm $(npm --version)"
echo "claude $(claude --version)"
echo "codex $(codex --version)"
echo "gemini $(gemini --version)"
echo "opencode $(opencode --version)"
timeout 60 opencode session list >/dev/null 2>&1 || true
rm -rf "$warm/.cache" "$warm/.npm" "$warm/.claude"* "$warm/.codex" "$warm/.gemini" "$warm/.local/share/opencode/log"
find "$warm" -type f
chown -R 1000:1000 "$warm"
