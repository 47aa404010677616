#!/bin/sh
# Compares Slipway with the docker program, curl and a bare window: one machine, one private daemon, one run, medians.
# Builds the preset bench first. Prints one JSON object; needs what tests/window needs, and curl.
#
#     tests/bench/compare.sh [RUNS [PART…]]
#
# RUNS: of each timed thing, 7 unless said. PART: firstPaintMs, running, logMs, manyMs, gpusPercent; all of them unless said.
# gpusPercent compares with nvtop (Debian's contrib) where it is there; SLIPWAY_NVTOP: where else it is.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset bench > /dev/null
cmake --build --preset bench --target slipway slipway-bench barewindow slipway-private-daemon fakenvml > /dev/null
build=$PWD/build/bench
SLIPWAY_PROGRAM=$build/ui/slipway SLIPWAY_PRIVATE_DAEMON=$build/tests/window/slipway-private-daemon \
    SLIPWAY_BENCH=$build/tests/bench/slipway-bench SLIPWAY_BARE_WINDOW=$build/tests/bench/barewindow \
    SLIPWAY_FAKE_NVML=$build/tests/support/libfakenvml.so SLIPWAY_SCREENSHOTS=$build/screenshots PYTHONDONTWRITEBYTECODE=1 \
    exec "${SLIPWAY_PYTHON:-/usr/bin/python3}" tests/bench/compare.py "$@"
