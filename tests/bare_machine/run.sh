#!/usr/bin/env bash
# From a fresh clone on a bare Debian 12, `make demo` and `make test` work within 10 minutes, installation
# included, and leave no process: as root, and as a user with sudo. Needs root, debootstrap, unshare.
#
#   run.sh [--only root|user] [--command demo|test|check]... [--run 'COMMAND']... [--bare DIRECTORY]
#
# --bare keeps the bare system there and takes it from there the next time. The clone is of HEAD. The bare machine
# gets this machine's own settings for apt, certificates and pip, and nothing else of it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(git -C "$here" rev-parse --show-toplevel)
limit=600 # seconds, all commands of one user together
users=(root user)
commands=()
bare=

while (($#)); do
    case $1 in
        --only) users=("$2") ;;
        --command) commands+=("make $2") ;;
        --run) commands+=("$2") ;;
        --bare) bare=$2 ;;
        *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
    esac
    shift 2
done
((${#commands[@]})) || commands=("make demo" "make test")

work=$(mktemp -d "${TMPDIR:-/tmp}/forewarn-bare-XXXXXX")
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT TERM HUP
bare=${bare:-$work/bare}

mirror() { # the first one that apt here uses
    cat /etc/apt/sources.list /etc/apt/sources.list.d/*.{sources,list} 2>/dev/null |
        sed -nE 's/^URIs: *([^ ]+).*/\1/p; s/^deb (\[[^]]*\] )?([^ ]+) .*/\2/p' | head -n 1
}

copy() { # PATH... : what exists of it, to the same place on the bare machine
    for path in "$@"; do
        [[ -e $path ]] || continue
        mkdir -p "$bare.part$(dirname "$path")"
        cp -aL "$path" "$bare.part$(dirname "$path")/"
    done
}

make_bare() {
    echo "== a bare Debian 12"
    rm -rf "$bare.part"
    debootstrap --variant=minbase bookworm "$bare.part" "$(mirror)" >"$work/debootstrap.log" 2>&1 ||
        { tail -n 20 "$work/debootstrap.log" && return 1; }
    rm -f "$bare.part"/etc/apt/sources.list
    copy /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/apt.conf.d /etc/apt/auth.conf.d /etc/apt/keyrings \
        /etc/apt/trusted.gpg.d /usr/local/share/ca-certificates /etc/pip.conf /etc/resolv.conf /etc/hosts \
        /etc/ssl/certs
    bare_shell "$bare.part" 'apt-get -qq update
        DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install git make ca-certificates sudo
        update-ca-certificates
        useradd --create-home --shell /bin/bash dev
        echo "dev ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/dev' >"$work/bare.log" 2>&1 ||
        { tail -n 20 "$work/bare.log" && return 1; }
    mv "$bare.part" "$bare"
}

bare_shell() { # ROOT SCRIPT ARGUMENT... : run there as process 1; when it ends, the kernel ends the rest
    unshare --mount --pid --fork --kill-child bash -euc '
        mount --make-rprivate / && mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev"
        for path in $LOCAL_PACKAGES; do
            mkdir -p "$1$path" && mount --bind -o ro "$path" "$1$path"
        done
        exec env --ignore-environment PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
            chroot "$1" bash -euc "${@:2}"' bare_shell "$1" "$2" bash "${@:3}" </dev/null
}

local_packages() { # directories of this machine that its pip settings name
    { env | grep '^PIP_' || :; cat /etc/pip.conf ~/.config/pip/pip.conf ~/.pip/pip.conf 2>/dev/null || :; } |
        grep -oE '(^|[= ]|file://)/[^ ]+' | sed -E 's#^(file://|[= ])##' |
        sed 's#/simple/*$##' | # an index's files lie beside it
        while read -r path; do [[ ! -d $path ]] || realpath "$path"; done | sort -u
}

settings() { # what pip and TLS are told here, for the bare machine's shells
    env -0 | while IFS= read -rd '' pair; do
        case ${pair%%=*} in
            PIP_* | *_CERT* | *_CA_BUNDLE | *CAINFO | http_proxy | https_proxy | no_proxy | *_PROXY)
                printf 'export %s=%q\n' "${pair%%=*}" "${pair#*=}"
                ;;
        esac
    done
}

try() { # root|user : a fresh machine, a fresh clone, every command; adds lines to $work/results
    local machine=$work/$1
    cp -a "$bare" "$machine"
    git -C "$repository" bundle create --quiet "$machine/srv/forewarn.bundle" HEAD
    settings >"$machine/srv/settings.sh"
    cp "$here/inside.sh" "$machine/srv/inside.sh"
    if [[ -f ~/.config/pip/pip.conf ]]; then cp ~/.config/pip/pip.conf "$machine/srv/pip.conf"; fi
    bare_shell "$machine" '. /srv/inside.sh' "$1" "${commands[@]}" || :
    cat "$machine/srv/results" >>"$work/results"
    rm -rf --one-file-system "$machine"
}

table() { # the results, and whether they are good
    awk -F '\t' -v limit="$limit" -v expected="$((${#users[@]} * ${#commands[@]}))" '
        BEGIN { printf "\n%-5s %8s  %-7s %-9s %s\n", "as", "seconds", "status", "left over", "command" }
        { printf "%-5s %8.1f  %-7s %-9s %s\n", $1, $2, $3, $4, $5; total[$1] += $2; bad += $3 != 0 || $4 != 0 }
        END {
            for (who in total) { printf "%-5s %8.1f  of at most %d\n", who, total[who], limit; bad += total[who] > limit }
            if (NR < expected) { print "not every command was run"; bad++ }
            exit bad > 0
        }' "$work/results"
}

touch "$work/results"
LOCAL_PACKAGES=$(local_packages | tr '\n' ' ')
export LOCAL_PACKAGES
[[ -d $bare ]] || make_bare
for who in "${users[@]}"; do try "$who"; done
table
