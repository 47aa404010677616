#!/bin/bash
# Builds with sanitizers and warnings as errors and runs all tests. Needs no display and no running Docker.
set -eu
cd "$(dirname "$(realpath "$0")")/.."
. packaging/linux/dependencies.sh

install_packages "${run_packages[@]}" "${test_packages[@]}"
for package in $(docker_packages); do install_packages "$package"; done

[ "$(id -u)" = 0 ] || say "Not root: the tests that start a Docker daemon of their own will skip. 'sudo $0' runs them."
PATH=$PATH:/usr/sbin:/sbin

cmake --preset sanitize
cmake --build --preset sanitize --parallel "$(nproc)"
ctest --preset sanitize -j2 --output-on-failure --no-tests=error
