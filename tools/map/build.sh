#!/bin/sh
# Makes web/static/vendor/deck.min.js and its licences from the versions that package-lock.json pins. Needs npm.
set -eu
cd "$(dirname "$0")"
vendor=../../web/static/vendor
npm ci --no-audit --no-fund
npm run --silent build
{
    echo "deck.min.js holds these packages, each under the MIT licence."
    for package in @deck.gl/core @luma.gl/core @math.gl/core @probe.gl/log @loaders.gl/core mjolnir.js gl-matrix; do
        for licence in node_modules/$package/LICENSE*; do
            [ -f "$licence" ] || continue
            printf '\n%s\n\n' "$package"
            cat "$licence"
        done
    done
} >$vendor/deck.LICENSE
sha256sum $vendor/deck.min.js
