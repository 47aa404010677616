#!/bin/bash
# From a fresh Debian to Slipway's window: installs what is missing, builds, starts Docker where none answers.
# Safe to run again; then it is up in seconds. Arguments go to slipway.
set -eu
cd "$(dirname "$(realpath "$0")")/.."
. packaging/linux/dependencies.sh

install_packages "${run_packages[@]}"
# Not in one go: which Docker packages there are is known only once the lists are fetched.
for package in $(docker_packages); do install_packages "$package"; done

[ -f build/release/build.ninja ] || cmake --preset release
cmake --build --preset release --parallel "$(nproc)"
slipway=build/release/ui/slipway

# One of: answers, denied, absent.
docker_state() {
    local words
    if words=$(timeout 10 docker version --format '{{.Server.Version}}' 2>&1); then echo answers
    elif [[ $words == *"permission denied"* ]]; then echo denied
    else echo absent; fi
}

# start_dockerd OPTION...: without a service manager. Waits until it answers or ends.
start_dockerd() {
    log=${XDG_STATE_HOME:-${HOME:-/tmp}/.local/state}/slipway/dockerd.log
    mkdir -p "$(dirname "$log")"
    as_root true # a password is asked for here, not in the background
    as_root setsid dockerd "$@" > "$log" 2>&1 < /dev/null &
    local daemon=$!
    for _ in $(seq 300); do
        [ "$(docker_state)" = absent ] || return 0
        kill -0 "$daemon" 2> /dev/null || return 1
        sleep 0.1
    done
    return 1
}

start_docker() {
    if [ -n "${DOCKER_HOST:-}" ]; then
        say "No Docker daemon answers at DOCKER_HOST=$DOCKER_HOST: start it there, or unset the variable."
        return 1
    fi
    say "No Docker daemon answers: starting one."
    if [ -d /run/systemd/system ]; then
        as_root systemctl start docker && return 0
        as_root journalctl --unit docker --lines 5 --no-pager >&2
        return 1
    fi
    PATH=$PATH:/usr/sbin:/sbin
    start_dockerd && return 0
    tail -n 3 "$log" >&2
    # Containers and sandboxes often allow everything but bridges and packet filters.
    say "dockerd did not start as it is (above). Trying without networks of its own: containers then have the host's network or none."
    start_dockerd --bridge=none --iptables=false --ip6tables=false && return 0
    tail -n 5 "$log" >&2
    say "dockerd did not start; all it said is in $log. Slipway can use a daemon on another socket: --host unix:///path."
    return 1
}

state=$(docker_state)
if [ "$state" = absent ] && start_docker; then state=$(docker_state); fi
if [ "$state" = denied ]; then
    if id -nG "$(id -un)" | grep -qw docker; then
        say "You are in the group docker, but not yet in this session: log out and in again, then run this again."
    else
        say "You may not talk to Docker yet: run 'sudo usermod -aG docker $(id -un)', log out and in again, then run this again."
    fi
fi

# What a newcomer launches first; the program also makes it when it is launched and missing.
if [ "$state" = answers ] && ! docker image inspect slipway/sample-training:latest > /dev/null 2>&1; then
    build/release/resources/sample/sample-image | docker load --quiet
fi

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ $# -gt 0 ]; then
    exec "$slipway" "$@"
fi
say "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): running the sample training in the terminal."
exec "$slipway" launch --sample
