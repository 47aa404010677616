# Sourced by run.sh and test.sh: what Slipway needs of Debian 12 or later, and how to get it.

# To build and to run.
run_packages=(
    g++ cmake ninja-build pkg-config
    qt6-base-dev qt6-svg-dev libqt6sql6-sqlite
    libboost-dev qtkeychain-qt6-dev libsecret-1-0 libarchive-dev libnghttp2-dev libqcustomplot-dev libyaml-cpp-dev
    qt6-wayland breeze-icon-theme fonts-dejavu-core
    git
)

# The tests besides: a Docker of their own, a display of their own, and someone to press the buttons there.
test_packages=(
    mold
    busybox-static iproute2 util-linux curl openssh-server docker-registry apache2-utils openssl
    xvfb openbox dbus gnome-keyring libsecret-tools at-spi2-core python3-pyatspi xdotool imagemagick
)

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo > /dev/null; then
        sudo "$@"
    else
        say "This needs root, and there is no sudo here: $*"
        return 1
    fi
}

# Docker's own packages and Debian's exclude each other, so whatever dockerd is there stays.
docker_packages() {
    [ -x "$(command -v dockerd || echo /usr/sbin/dockerd)" ] || echo docker.io
    # Debian 13 packs the docker program apart; Debian 12 has no such package.
    if ! command -v docker > /dev/null && [ -n "$(apt-cache madison docker-cli 2> /dev/null)" ]; then echo docker-cli; fi
}

# install_packages NAME...: those that are missing. Asks nobody anything, and fetches no lists when nothing is missing.
install_packages() {
    command -v dpkg-query > /dev/null || { say "This is no Debian: the packages are taken as installed: $*"; return 0; }
    local name missing=()
    for name in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2> /dev/null)" = installed ] || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing ${missing[*]}"
    as_root apt-get -q update || say "The lists of packages could not be fetched; trying with those that are here."
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}"
}
