#!/bin/sh
# Make this checkout runnable: .venv with the locked libraries, and the programs of the three servers.
#
#   bootstrap.sh [venv | all | test]    (default: all; venv leaves the servers out, test adds what only tests need)
#
# Missing programs come as Debian packages (packages.sh asks first). A server that is given by FOREWARN_RABBITMQ_URL,
# FOREWARN_DATABASE_URL or FOREWARN_REDIS_URL needs no program here. An interrupted run is simply repeated.
set -eu
what=${1:-all}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

has() { command -v "$1" >/dev/null 2>&1; }

base_python() { # the program itself: neither a shim nor an active venv's
    for candidate in "${PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        "$candidate" -c '
import sys, ensurepip, venv
if sys.version_info < (3, 11): sys.exit(1)
print(getattr(sys, "_base_executable", sys.executable))' 2>/dev/null && return
    done
    return 1
}

has_rabbitmq() {
    [ -n "${FOREWARN_RABBITMQ_URL:-}" ] || [ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || has rabbitmq-server
}

has_postgres() {
    if [ -n "${FOREWARN_DATABASE_URL:-}" ] || has initdb; then return 0; fi
    for initdb in /usr/lib/postgresql/*/bin/initdb; do [ ! -x "$initdb" ] || return 0; done
    return 1
}

has_redis() { [ -n "${FOREWARN_REDIS_URL:-}" ] || has redis-server || has valkey-server; }

has_alertmanager() { has prometheus-alertmanager || has alertmanager; }

has_prometheus() { has prometheus && has promtool; }

missing_packages() {
    base_python >/dev/null || echo python3 python3-venv
    [ "$what" != venv ] || return 0
    has_rabbitmq || echo rabbitmq-server
    has_postgres || echo postgresql
    has_redis || echo redis-server
    [ "$what" = test ] || return 0
    has_alertmanager || echo prometheus-alertmanager
    has_prometheus || echo prometheus
}

stamp() { printf '%s %s\n' "$(cksum <requirements.lock)" "$root"; }

is_current() {
    [ -x .venv/bin/forewarn ] && .venv/bin/python -c '' 2>/dev/null && stamp | cmp -s - .venv/forewarn.stamp
}

make_venv() {
    if ! usable_venv; then
        echo "Making .venv ..."
        rm -rf .venv
        "$(base_python)" -m venv .venv
    fi
    rm -f .venv/forewarn.stamp
    echo "Installing the locked libraries into .venv ..."
    install_libraries
    install_command
    stamp >.venv/forewarn.stamp.new
    mv .venv/forewarn.stamp.new .venv/forewarn.stamp
}

usable_venv() { # of this place, new enough, with pip
    if [ -f .venv/forewarn.stamp ] && ! grep -qF " $root" .venv/forewarn.stamp; then return 1; fi
    .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

install_libraries() {
    {
        .venv/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar off \
            --require-hashes --no-deps -r requirements.lock 2>&1 || echo "pip failed"
    } | awk -v total="$(grep -c '^[A-Za-z0-9].*==' requirements.lock)" '
        { last[NR % 15] = $0 }
        /^(Collecting|Processing|Requirement already)/ { if (++seen % 20 == 0) print "  " seen " of " total; fflush() }
        /^Installing collected/ { print "  all fetched; unpacking"; fflush() }
        /^pip failed$/ { for (i = NR > 14 ? NR - 14 : 1; i <= NR; i++) print last[i % 15]; failed = 1 }
        END { exit failed }'
}

install_command() { # nothing is copied: the checkout itself runs
    libraries=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$root" >"$libraries/forewarn.pth"
    rm -f .venv/bin/forewarn # never written through: it could be a link
    cat >.venv/bin/forewarn.new <<'LAUNCHER'
#!/bin/sh
exec "$(dirname "$(readlink -f "$0")")/python" -P -c 'import sys; from forewarn.cli.main import main
sys.argv[0] = "forewarn"; sys.exit(main())' "$@"
LAUNCHER
    chmod 755 .venv/bin/forewarn.new
    mv -f .venv/bin/forewarn.new .venv/bin/forewarn # in place of whatever is there, never through a link
}

cd "$root"
# shellcheck disable=SC2046 # package names, one word each
set -- $(missing_packages)
[ $# -eq 0 ] || sh "$here/packages.sh" "$@"
is_current || make_venv
