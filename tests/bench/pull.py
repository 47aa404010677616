"""A pull through Slipway's own parts against `docker pull`, on one private daemon and a registry beside it, turn by turn.

    SLIPWAY_PRIVATE_DAEMON=build/bench/tests/window/slipway-private-daemon \\
        python3 tests/bench/pull.py build/bench/tests/bench/slipway-bench [ROUNDS] [MEBIBYTES]

Prints one JSON object: the medians in seconds, and their ratio. Needs root and docker-registry.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

IMAGE = "localhost:5000/team/big:1"
LAYERS = 6


def main():
    bench = sys.argv[1]
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    mebibytes = int(sys.argv[3]) if len(sys.argv) > 3 else 240
    daemon = subprocess.Popen([os.environ["SLIPWAY_PRIVATE_DAEMON"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    answer = daemon.stdout.readline().split(maxsplit=2)
    if answer[:1] != ["ready"]:
        sys.exit(" ".join(answer))
    host, network = "unix://" + answer[1], f"--net=/proc/{int(answer[2])}/ns/net"

    def docker(*words, check=True):
        done = subprocess.run(["docker", "--host", host, *words], capture_output=True, text=True)
        if check and done.returncode != 0:
            sys.exit(f"docker {' '.join(words)}: {done.stderr}")
        return done.stdout.strip()

    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "config.yml")
        with open(config, "w") as file:
            file.write(f"version: 0.1\nhttp: {{addr: '127.0.0.1:5000'}}\nstorage: {{filesystem: {{rootdirectory: '{folder}'}}}}\n")
        registry = subprocess.Popen(["nsenter", network, "--", "docker-registry", "serve", config],
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            below = "bb:1"
            for i in range(LAYERS):
                with open(os.path.join(folder, "noise"), "wb") as file:
                    file.write(os.urandom(mebibytes * 1024 * 1024 // LAYERS))
                docker("create", "--name", "layer", below)
                docker("cp", file.name, f"layer:/noise{i}")
                docker("commit", "layer", IMAGE)
                docker("rm", "layer")
                below = IMAGE
            docker("push", IMAGE)

            def timed(words):
                docker("rmi", "-f", IMAGE, check=False)
                os.sync()
                start = time.monotonic()
                done = subprocess.run(words, capture_output=True, text=True)
                if done.returncode != 0:
                    sys.exit(f"{words[0]}: {done.stderr}")
                return time.monotonic() - start

            ways = {"docker": ["docker", "--host", host, "pull", IMAGE],
                    "slipway": [bench, "pull", "--image", IMAGE, "--host", host]}
            times = {way: [] for way in ways}
            for turn in range(rounds + 1):
                for way in sorted(ways, reverse=turn % 2 == 1):
                    seconds = timed(ways[way])
                    if turn > 0:  # the first warms the caches
                        times[way].append(seconds)
        finally:
            registry.kill()
            registry.wait()
            daemon.stdin.close()
            daemon.wait()
    medians = {way: statistics.median(values) for way, values in times.items()}
    print(json.dumps({**medians, "ratio": medians["slipway"] / medians["docker"], "times": times}))


main()
