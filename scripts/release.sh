#!/usr/bin/env bash
# Publishes the version that is checked out: `npm run release VERSION`, in CI, on its tag. DRY_RUN=1 does all but publish.
set -euo pipefail
cd "$(dirname "$0")/.."

version=${1:?which version? npm run release VERSION}
fail() { echo "release: $1" >&2; exit 1; }

[ "$(node -p 'require("./package.json").version')" = "$version" ] || fail "package.json does not say $version"
[ -z "$(git status --porcelain)" ] || fail 'the checkout is not clean'
[ "$(git describe --exact-match --tags 2>/dev/null)" = "v$version" ] || fail "the commit does not bear the tag v$version"
grep -q "^## $version" CHANGELOG.md || fail "CHANGELOG.md says nothing of $version"

npm ci
npm run -s build
npx vitest run test/package.test.ts

if [ -n "${DRY_RUN:-}" ]; then
  npm publish --dry-run --ignore-scripts
else
  [ -n "${CI:-}" ] || fail 'provenance needs CI; set DRY_RUN=1 to try it here'
  npm publish --provenance --access public --ignore-scripts
fi
