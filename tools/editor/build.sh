#!/bin/sh
# Makes web/static/vendor/codemirror.min.js and its licences from the versions that package-lock.json pins. Needs npm.
set -eu
cd "$(dirname "$0")"
vendor=../../web/static/vendor
npm ci --no-audit --no-fund
npm run --silent build
{
    echo "codemirror.min.js holds these packages, each under the MIT licence."
    for licence in node_modules/@codemirror/*/LICENSE node_modules/@lezer/*/LICENSE node_modules/@marijn/*/LICENSE \
        node_modules/crelt/LICENSE node_modules/style-mod/LICENSE node_modules/w3c-keyname/LICENSE; do
        package=${licence#node_modules/}
        printf '\n%s\n\n' "${package%/LICENSE}"
        cat "$licence"
    done
} >$vendor/codemirror.LICENSE
sha256sum $vendor/codemirror.min.js
