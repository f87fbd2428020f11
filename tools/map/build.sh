#!/bin/sh
# Makes web/static/vendor/deck.min.js and its licences from the versions that package-lock.json pins. Needs npm.
set -eu
cd "$(dirname "$0")"
vendor=../../web/static/vendor
npm ci --no-audit --no-fund
npm run --silent build
{
    echo "deck.min.js holds these packages, each under the MIT licence."
    for package in @deck.gl/core @deck.gl/layers @loaders.gl/core @loaders.gl/images @loaders.gl/loader-utils \
        @loaders.gl/worker-utils @luma.gl/core @luma.gl/engine @luma.gl/shadertools @luma.gl/webgl @math.gl/core \
        @math.gl/types @math.gl/web-mercator @probe.gl/env @probe.gl/log @probe.gl/stats gl-matrix mjolnir.js; do
        printf '\n%s\n\n' "$package"
        cat node_modules/$package/LICENSE*
    done
} >$vendor/deck.LICENSE
sha256sum $vendor/deck.min.js
