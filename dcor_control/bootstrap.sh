#!/bin/sh
# Makes sure that there is a Python 3, then lets dcor_control/bootstrap do the rest:
#     sh dcor_control/bootstrap.sh [COMMAND ...]
set -eu
cd "$(dirname "$0")/.."

if ! command -v python3 >/dev/null; then
    if ! command -v apt-get >/dev/null; then
        echo "Not done: there is no python3 and no apt-get. Install Python 3.11 or later." >&2
        exit 4
    fi
    sudo=
    if [ "$(id -u)" -ne 0 ]; then
        sudo="sudo"
        [ -t 0 ] || sudo="sudo -n"
    fi
    echo "… System package: python3"
    log=$(mktemp)
    if ! { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive \
            apt-get install --yes --no-install-recommends python3; } >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        echo "Not done: python3 could not be installed." >&2
        exit 4
    fi
    rm -f "$log"
fi
exec python3 -m dcor_control.bootstrap "$@"
