"""A build through Slipway's own parts against `docker build`, on one private daemon, turn by turn.

    SLIPWAY_PRIVATE_DAEMON=build/bench/tests/window/slipway-private-daemon \\
        python3 tests/bench/build.py build/bench/tests/bench/slipway-bench [ROUNDS] [MEBIBYTES]

Prints one JSON object: of both builders the medians in seconds and their ratio; and of BuildKit when only one small
file of the folder has changed. Needs root, and for BuildKit a docker program that builds with it: Debian's does, or
any with buildx. SLIPWAY_DOCKER: where that is.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

IMAGE = "slipway-bench:build" # what slipway-bench calls it
DOCKER = os.environ.get("SLIPWAY_DOCKER") or ("/usr/bin/docker" if os.path.exists("/usr/bin/docker") else shutil.which("docker"))
SMALL_FILES = 500


class Daemon:
    def __init__(self):
        self.process = subprocess.Popen([os.environ["SLIPWAY_PRIVATE_DAEMON"]], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, bufsize=1)
        answer = self.process.stdout.readline().split(maxsplit=2)
        if answer[:1] != ["ready"]:
            sys.exit(" ".join(answer))
        self.host = "unix://" + answer[1]

    def run(self, words, check=True, **environment):
        done = subprocess.run(words, capture_output=True, text=True, env=dict(os.environ, **environment))
        if check and done.returncode != 0:
            sys.exit(f"{' '.join(words)}: {done.stdout}{done.stderr}")

    def forget(self):
        self.run([DOCKER, "--host", self.host, "rmi", "-f", IMAGE], check=False)
        self.run([DOCKER, "--host", self.host, "builder", "prune", "-af"])
        os.sync()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def fill(folder, mebibytes):
    os.makedirs(os.path.join(folder, "data"))
    for i in range(mebibytes):
        with open(os.path.join(folder, "data", f"big{i}"), "wb") as file:
            file.write(os.urandom(1024 * 1024))
    for i in range(SMALL_FILES):
        with open(os.path.join(folder, "data", f"small{i}.py"), "wb") as file:
            file.write(os.urandom(3000))
    with open(os.path.join(folder, "Dockerfile"), "w", encoding="ascii") as file:
        file.write("FROM bb:1\nCOPY data /data\nCOPY data/big0 /again\n")


def compare(rounds, before, ways):
    """ways: name -> what is timed. The first round warms the caches."""
    times = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name in (ways if turn % 2 else reversed(ways)):
            before(name, turn)
            start = time.monotonic()
            ways[name]()
            if turn > 0:
                times[name].append(time.monotonic() - start)
    medians = {name: statistics.median(values) for name, values in times.items()}
    return {**medians, "ratio": medians["slipway"] / medians["docker"], "times": times}


def main():
    bench = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    mebibytes = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    daemon = Daemon()
    with tempfile.TemporaryDirectory() as folder:
        fill(folder, mebibytes)

        def ways(buildkit):
            ours = [bench, "build", "--context", folder, "--host", daemon.host] + ([] if buildkit else ["--classic"])
            theirs = [DOCKER, "--host", daemon.host, "build", "-t", IMAGE, folder]
            return {"slipway": lambda: daemon.run(ours),
                    "docker": lambda: daemon.run(theirs, DOCKER_BUILDKIT="1" if buildkit else "0")}

        def change(name, turn):
            with open(os.path.join(folder, "data", "small0.py"), "w", encoding="ascii") as file:
                file.write(f"{name} {turn}")

        try:
            result = {"buildkit": compare(rounds, lambda *_: daemon.forget(), ways(True)),
                      "again": compare(rounds, change, ways(True)),
                      "classic": compare(rounds, lambda *_: daemon.forget(), ways(False))}
        finally:
            daemon.end()
    print(json.dumps(result))


main()
