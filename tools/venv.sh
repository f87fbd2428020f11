#!/bin/sh
# Makes the virtual environment named by the first argument and installs what requirements.lock pins, by hash.
# Takes the first Python 3.11 or 3.10 that works; where there is none, uv brings 3.11.
set -eu
venv=$1
bootstrap=$venv.uv

works() { # works COMMAND CONDITION: runs, and sys.version_info satisfies the condition
    "$1" -c "import sys, venv, ensurepip; sys.exit(not ($2))" >/dev/null 2>&1
}

install_uv() { # install_uv PYTHON: the uv that requirements.lock pins
    awk '/^uv==/ {found = 1} found {print} found && !/\\$/ {exit}' requirements.lock >"$venv.uv.txt"
    "$1" -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$venv.uv.txt"
    rm -f "$venv.uv.txt"
}

python=
for candidate in python3.11 python3.10 python3 python; do
    if works "$candidate" '(3, 10) <= sys.version_info[:2] <= (3, 11)'; then
        python=$candidate
        break
    fi
done

if [ -n "$python" ]; then
    echo "Making $venv with $($python --version)"
    "$python" -m venv --clear "$venv"
    install_uv "$venv/bin/python"
    uv=$venv/bin/uv
elif command -v uv >/dev/null 2>&1; then
    uv=uv
elif works python3 'sys.version_info >= (3, 8)'; then
    python3 -m venv --clear "$bootstrap"
    install_uv "$bootstrap/bin/python"
    uv=$bootstrap/bin/uv
else
    echo "Python 3.10 or 3.11 with its venv module is needed (Debian: apt install python3-venv), or uv." >&2
    exit 1
fi
if [ -z "$python" ]; then
    echo "No Python 3.10 or 3.11 found: uv brings 3.11 into $venv"
    "$uv" venv --quiet --clear --python 3.11 "$venv"
fi

echo "Installing requirements.lock into $venv (several GB the first time: torch)"
"$uv" pip install --quiet --python "$venv/bin/python" --require-hashes -r requirements.lock
"$uv" pip install --quiet --python "$venv/bin/python" --no-deps --no-build-isolation --editable .
rm -rf "$bootstrap"
