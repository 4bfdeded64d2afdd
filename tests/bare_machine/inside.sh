# Runs as process 1 of the bare machine: WHO COMMAND...; one line for each command goes to /srv/results.
who=$1
shift
account=root
if [[ $who == user ]]; then account=dev; fi
home=$(getent passwd "$account" | cut -d : -f 6)

as_account() { # what a fresh login shell would do
    su "$account" -s /bin/bash -c ". /srv/settings.sh; export FOREWARN_DEV_INSTALL=1; cd \"$home\"; $1" </dev/null
}

left_over() { # the other processes that still live, process 1 and kernel's aside
    for status in /proc/[0-9]*/status; do
        pid=${status//[!0-9]/}
        ((pid == 1 || pid == BASHPID)) && continue
        { grep -q '^State:.Z' "$status" && continue; } 2>/dev/null
        tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null && echo
    done
}

if [[ -f /srv/pip.conf ]]; then
    install -D -o "$account" -m 644 /srv/pip.conf "$home/.config/pip/pip.conf"
    chown -R "$account" "$home/.config"
fi
as_account 'git -c advice.detachedHead=false clone --quiet /srv/forewarn.bundle forewarn'

for command; do
    echo "== as $who: $command"
    began=$(date +%s.%N)
    status=0
    as_account "cd forewarn && $command" || status=$?
    seconds=$(awk -v a="$began" -v b="$(date +%s.%N)" 'BEGIN { print b - a }')
    sleep 1
    rest=$(left_over)
    [[ -z $rest ]] || printf 'left over:\n%s\n' "$rest"
    printf '%s\t%s\t%s\t%s\t%s\n' "$who" "$seconds" "$status" "$(grep -c . <<<"$rest")" "$command" >>/srv/results
done
