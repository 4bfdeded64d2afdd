#!/bin/sh
# Install Debian packages for development; their services are neither started now nor with the machine.
#
#   packages.sh PACKAGE...
#
# On a terminal it asks. Root without a terminal, and whoever sets FOREWARN_DEV_INSTALL=1, is not asked; anybody
# else without a terminal is told the command. An interrupted run is repeated: it puts right what was left.
set -eu
policy=${FOREWARN_POLICY_RC:-/usr/sbin/policy-rc.d} # what invoke-rc.d asks whether it may start a service
saved=$policy.saved-by-forewarn
mark='# temporary, made by forewarn/dev/packages.sh'

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

is_root() { [ "$(id -u)" -eq 0 ]; }

agreed() { # COMMAND PACKAGE...
    command=$1
    shift
    [ "${FOREWARN_DEV_INSTALL:-}" != 1 ] || return 0
    if [ -t 0 ] && [ -t 1 ]; then
        printf 'Forewarn needs these Debian packages (no service will be started): %s\n' "$*"
        printf 'Install them? [Y/n] '
        read -r answer || answer=n
        case $answer in '' | [Yy]*) return 0 ;; esac
    elif is_root; then
        return 0
    fi
    fail "Nothing was installed. Run" "  $command" "or set FOREWARN_DEV_INSTALL=1, then repeat."
}

install_packages() { # PACKAGE... ; as root
    export DEBIAN_FRONTEND=noninteractive
    allow_services # an earlier run may have been killed
    trap allow_services EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    forbid_services
    dpkg --configure -a
    apt-get -qq --simulate install "$@" >/dev/null 2>&1 || apt-get -qq update # no lists yet
    apt_get install "$@" || { apt-get -qq update && apt_get install "$@"; }   # or lists too old to be served
    disable_services "$@"
}

apt_get() { # says how far it is; if it fails, what it said last
    {
        apt-get -q -y --no-install-recommends -o Dpkg::Use-Pty=0 "$@" </dev/null 2>&1 || echo "apt-get failed"
    } | awk '
        { last[NR % 15] = $0 }
        / newly installed, / { print "  " $0; fflush() }
        /^Setting up / { if (++done % 25 == 0) print "  " done " set up"; fflush() }
        /^apt-get failed$/ { for (i = NR > 14 ? NR - 14 : 1; i <= NR; i++) print last[i % 15]; failed = 1 }
        END { exit failed }'
}

forbid_services() {
    if [ -e "$policy" ] || [ -L "$policy" ]; then mv "$policy" "$saved"; fi
    printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy"
    chmod 755 "$policy"
}

allow_services() { # put back exactly what was there
    if [ -f "$policy" ] && grep -qF "$mark" "$policy"; then rm -f "$policy"; fi
    if [ -e "$saved" ] || [ -L "$saved" ]; then mv "$saved" "$policy"; fi
}

disable_services() {
    [ -d /run/systemd/system ] || return 0
    for package in "$@"; do
        case $package in
            rabbitmq-server | redis-server | postgresql | prometheus | prometheus-alertmanager)
                systemctl --quiet disable "$package" || :
                ;;
        esac
    done
}

if [ "${1:-}" = --agreed ]; then
    shift
    install_packages "$@"
    exit
fi

has apt-get || fail "This machine has no apt-get. Forewarn needs Python 3.11 or newer with venv, RabbitMQ," \
    "PostgreSQL and Redis; instead of a server here, one given by its URL will do: FOREWARN_RABBITMQ_URL," \
    "FOREWARN_DATABASE_URL, FOREWARN_REDIS_URL. Missing (as Debian calls them): $*"
is_root && by='' || by='sudo '
agreed "${by}apt-get install --no-install-recommends $*" "$@"
is_root || has sudo || fail "There is no sudo. As root, run" "  apt-get install --no-install-recommends $*"
echo "Installing $* ..."
${by:+sudo} sh "$0" --agreed "$@"
echo "These packages stay when Forewarn goes. To remove them: ${by}apt-get purge --autoremove $*"
