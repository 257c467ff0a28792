#!/bin/bash
# Shows that a fresh Debian machine needs nothing but git, make and sudo:
#
#     tests/system/fresh_machine.sh [--as-user] [--keep] [--suite bookworm] [COMMIT]
#
# Makes a root file system with debootstrap, clones this repository into it, and runs
# `make demo FILE=…/calibration_beads_47.rtdc` (twice) and `make test` there, as root or (--as-user) as an
# ordinary user with sudo. Needs root, debootstrap, 15 GB of disk and half an hour. The host's
# package sources, pip configuration and CA certificates are copied, because a machine may reach
# the outside only through them. Ports and network are the host's.
set -euo pipefail

as_user= keep= suite=bookworm commit=HEAD
while [ $# -gt 0 ]; do
    case $1 in
        --as-user) as_user=1 ;;
        --keep) keep=1 ;;
        --suite) suite=$2; shift ;;
        -h | --help) sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) commit=$1 ;;
    esac
    shift
done

[ "$(id -u)" -eq 0 ] || { echo "needs root" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "install debootstrap" >&2; exit 2; }
source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
data=$(cd "$source/../shared/data" && pwd) || { echo "real measurements are missing" >&2; exit 2; }

# A mount and process namespace of our own: whatever happens, nothing stays mounted or running.
if [ -z "${DCOR_FRESH_ROOT:-}" ]; then
    DCOR_FRESH_ROOT=$(mktemp -d "${TMPDIR:-/var/tmp}/dcor-fresh.XXXXXX")
    export DCOR_FRESH_ROOT
    chmod 755 "$DCOR_FRESH_ROOT"
    leave() {
        # Whoever interrupts us means what runs inside, too; its mounts end with its namespace.
        [ -z "${inner:-}" ] || { kill -KILL "$inner" && wait "$inner"; } 2>/dev/null || true
        if [ -n "$keep" ]; then
            echo "kept: $DCOR_FRESH_ROOT"
        else
            rm -rf --one-file-system "$DCOR_FRESH_ROOT" "$DCOR_FRESH_ROOT.log"
        fi
    }
    trap leave EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    unshare --mount --pid --fork --kill-child=KILL "$0" ${as_user:+--as-user} --suite "$suite" "$commit" &
    inner=$!
    code=0
    wait "$inner" || code=$?
    inner=
    exit "$code"
fi
root=$DCOR_FRESH_ROOT

echo "── debootstrap $suite"
mount --make-rprivate /
mirror=$(grep -hoE '(https?)://[^ ]*debian\.org/debian\b' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1 || true)
sources=()
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    if [ -f "$file" ] && grep -qE "debian\.org/.*|Suites:.*$suite" "$file" && grep -q "$suite" "$file"; then
        sources+=("$file")
    fi
done
# Nothing but git, make and sudo; and what apt itself needs where its sources are HTTPS.
include=git,make,sudo
[ "${#sources[@]}" -eq 0 ] || ! grep -qE '^[^#]*https://' "${sources[@]}" || include+=,ca-certificates
debootstrap --variant=minbase --include="$include" "$suite" "$root" \
    ${mirror:+"$mirror"} >"$root.log" 2>&1 || { tail -n 30 "$root.log" >&2; exit 1; }
rm -f "$root.log"

mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount -t tmpfs tmpfs "$root/run"

# What a machine of this network would have been given by its administrator.
cp /etc/resolv.conf /etc/hosts "$root/etc/"
cp /etc/apt/apt.conf.d/*proxy* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
for file in "${sources[@]}"; do
    rm -f "$root/etc/apt/sources.list"
    mkdir -p "$root/etc/apt/sources.list.d"
    cp "$file" "$root/etc/apt/sources.list.d/"
done
[ ! -f /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/"
for file in "$HOME/.config/pip/pip.conf" "$HOME/.pip/pip.conf"; do
    [ ! -f "$file" ] || cp "$file" "$root/etc/pip.conf"
done
environment=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8)
while IFS= read -r line; do
    environment+=("$line")
done < <(env | grep -iE '^(pip_|uv_|https?_proxy=|no_proxy=)' || true)
# Under a name of its own: the package ca-certificates would write over it.
if [ -f /etc/ssl/certs/ca-certificates.crt ]; then
    cp /etc/ssl/certs/ca-certificates.crt "$root/etc/host-certificates.crt"
    for name in SSL_CERT_FILE PIP_CERT REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS; do
        environment+=("$name=/etc/host-certificates.crt")
    done
fi

# Everything beside the checkout is where it is on the host.
mkdir -p "$root/srv/shared/data" "$root/mnt/source"
mount --bind "$data" "$root/srv/shared/data"
mount --bind -o ro "$source" "$root/mnt/source"
inside() { chroot "$root" env -i "${environment[@]}" "$@"; }

echo "── git clone"
inside git -c safe.directory='*' clone --quiet --no-hardlinks /mnt/source /srv/dcor
inside git -C /srv/dcor -c advice.detachedHead=false checkout --quiet \
    "$(git -C "$source" rev-parse "$commit")"
run=(inside)
if [ -n "$as_user" ]; then
    inside useradd --create-home --shell /bin/bash tester
    echo 'tester ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/tester"
    inside chown -R tester /srv/dcor
    run=(inside setpriv --reuid tester --regid tester --init-groups env HOME=/home/tester)
fi

file=/srv/shared/data/calibration_beads_47.rtdc
for target in "demo FILE=$file" "demo FILE=$file" stop test; do
    echo "── make $target"
    began=$SECONDS
    # shellcheck disable=SC2086 - the words of the target
    "${run[@]}" make -C /srv/dcor --no-print-directory $target
    echo "── make $target took $((SECONDS - began)) s"
done
echo "── a fresh $suite machine runs the demonstration and the tests"
