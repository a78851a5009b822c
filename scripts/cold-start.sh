#!/usr/bin/env bash
# `npm run cold-start`: how long it takes from nothing (no cache of npm or pip) to the first findings, beside ESLint and cfn-lint, and what lies on the disk then.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/project" "$work/project/src"
cat > "$work/project/template.yaml" <<'YAML'
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs22.x, Handler: app.handler, CodeUri: src, MemorySize: 100}
YAML
echo 'export const handler = async event => ({ statusCode: 200, body: event })' > "$work/project/src/app.mjs"
echo 'export default [{ rules: { "no-undef": "error" } }]' > "$work/project/eslint.config.mjs"
npm pack --silent --ignore-scripts --pack-destination "$work" > /dev/null
tarball=$(echo "$work"/lambdacheck-*.tgz)

# Seconds until a command has ended, whatever it found.
timed() { local from=$EPOCHREALTIME; "$@" > "$work/out" 2>&1 || [ $? -le 2 ]; awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN {printf "%.1f", b - a}'; }
megabytes() { du -sm "$1" | cut -f1; }

cold_npx() { (cd "$work/project" && npm_config_cache="$work/npm-$1" npx --yes --package "$2" "${@:3}"); }
# What npx would run, without asking anew which package it is.
warm_npx() { (cd "$work/project" && "$(echo "$work/npm-$1"/_npx/*/node_modules/.bin/"$2")" "${@:3}"); }
cold_pip() { python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet --no-cache-dir cfn-lint && "$work/venv/bin/cfn-lint" "$work/project/template.yaml"; }

row() { echo "| $1 | $2 s | $3 s | $4 MB |"; }
echo '| | from nothing to findings | once installed | on the disk |'
echo '| --- | --- | --- | --- |'
first=$(timed cold_npx ours "$tarball" lambdacheck lint --no-cache)
again=$(timed warm_npx ours lambdacheck lint --no-cache)
row "\`npx lambdacheck lint\`" "$first" "$again" "$(megabytes "$work/npm-ours/_npx")"
first=$(timed cold_npx eslint eslint@9 eslint src)
again=$(timed warm_npx eslint eslint src)
row "\`npx eslint@9\`" "$first" "$again" "$(megabytes "$work/npm-eslint/_npx")"
first=$(timed cold_pip)
again=$(timed "$work/venv/bin/cfn-lint" "$work/project/template.yaml")
row 'cfn-lint, in a new virtual environment' "$first" "$again" "$(megabytes "$work/venv")"
