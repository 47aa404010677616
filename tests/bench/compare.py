"""What compare.sh runs: the measurements, taken in turns so that a busy moment hits all sides alike."""

import concurrent.futures
import http.client
import json
import os
import pty
import re
import shutil
import socket
import statistics
import subprocess
import sys
import termios
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "window"))
import driver  # noqa: E402
import standin  # noqa: E402
from driver import expect, wait_for  # noqa: E402

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 7
MANY = 1000
RUNNING = 20
WATCH_SECONDS = 30
GPUS = 8
GPU_SECONDS = 60
LOG_LINES = 300000
TICKS = os.sysconf("SC_CLK_TCK")
NVTOP = shutil.which(os.environ.get("SLIPWAY_NVTOP", "nvtop")) # in Debian's contrib


def say(text):
    print(text, file=sys.stderr, flush=True)


# ---- what is timed


def started(world, words, event, host=None):
    """The process of a program with a window, and the milliseconds from just before its start to an event of its trace.

    The trace counts from the process's start as the kernel tells it, in steps of 10 ms: so by a clock of our own. Without the accessibility that the tests of the window switch on: it costs, and few have it."""
    trace = os.path.join(world.folder, "trace")
    if os.path.exists(trace):
        os.remove(trace)
    environment = dict(os.environ, SLIPWAY_TRACE=trace, SLIPWAY_THEME="light", QT_QPA_PLATFORM="xcb", DOCKER_HOST=host or world.daemon.host)
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    process = subprocess.Popen(words, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def reached():
        if not os.path.exists(trace):
            return None
        with open(trace, encoding="utf-8") as file:
            return next((entry["ms"] for entry in map(json.loads, file.read().splitlines()) if entry["event"] == event), None)

    try:
        since_start = wait_for(reached, event)
        return process, since_start + (start_of(process.pid) - before) * 1000
    except BaseException:
        process.kill()
        raise


def start_of(pid):
    """When the process started, in seconds since boot, as the trace takes it."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        return int(file.read().rsplit(")", 1)[1].split()[19]) / TICKS


def end(process):
    process.kill()
    process.wait()


def traced(world, words, event):
    process, milliseconds = started(world, words, event)
    end(process)
    return milliseconds


def timed(words):
    """Milliseconds of a whole command whose output goes nowhere."""
    start = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def bench(world, *words):
    out = subprocess.run([os.environ["SLIPWAY_BENCH"], *words, "--host", world.daemon.host], check=True, capture_output=True)
    return json.loads(out.stdout)


def in_turns(**sides):
    """The median of each side, measured in turns; one round before that warms up and does not count."""
    results = {name: [] for name in sides}
    for turn in range(RUNS + 1):
        for name, side in sides.items():
            value = side()
            if turn > 0:
                results[name].append(value)
    return {name: round(statistics.median(values), 2) for name, values in results.items()}


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def cpu_percent(pids, seconds=WATCH_SECONDS):
    """Percent of one core that each process takes for a while."""
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    start = time.monotonic()
    time.sleep(seconds)
    spent = time.monotonic() - start
    return {name: round((cpu_seconds(pid) - before[name]) / spent * 100, 2) for name, pid in pids.items()}


# ---- what is needed for it


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("docker")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def create_many(world):
    """Containers that never run, over kept connections: the docker program would take a minute."""
    body = json.dumps({"Image": "bb:1", "Cmd": ["true"], "HostConfig": {"NetworkMode": "none"}})

    def some(first):
        connection = Connection(world.daemon.socket)
        for i in range(first, MANY, 4):
            connection.request("POST", f"/containers/create?name=many-{i:04}", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            expect(answer.status == 201, answer.read())
            answer.read()

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(some, range(4)))


class Counter:
    """A socket in front of the daemon's that counts the requests going through."""

    REQUEST = re.compile(rb"^(?:GET|POST|HEAD|PUT|DELETE) (/\S*) HTTP/1\.1\r$", re.MULTILINE)

    def __init__(self, world):
        self.path = os.path.join(world.folder, "counted.sock")
        self.daemon = world.daemon.socket
        self.requests = []
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(self.path)
        self.server.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.server.accept()
            daemon = socket.socket(socket.AF_UNIX)
            daemon.connect(self.daemon)
            threading.Thread(target=self._pump, args=(client, daemon, True), daemon=True).start()
            threading.Thread(target=self._pump, args=(daemon, client, False), daemon=True).start()

    def _pump(self, source, sink, count):
        try:
            while data := source.recv(65536):
                if count:
                    self.requests += [path.decode() for path in self.REQUEST.findall(data)]
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def in_a_while(self):
        """Requests a minute from now on, and their paths."""
        before = len(self.requests)
        time.sleep(WATCH_SECONDS)
        new = self.requests[before:]
        return round(len(new) * 60 / WATCH_SECONDS, 1), sorted({re.sub(r"[0-9a-f]{64}", "ID", path) for path in new})


def settled(world, host=None):
    """A Slipway that has shown what it knows: from then on only what goes on costs anything."""
    process, _ = started(world, [os.environ["SLIPWAY_PROGRAM"]], "containers-shown", host)
    time.sleep(6)
    return process


def minimize(process):
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(process.pid)], capture_output=True, text=True)
    window = found.stdout.split()[-1]
    subprocess.run(["xdotool", "windowminimize", "--sync", window], check=True)
    time.sleep(3)


class BusyGpus:
    """GPUs of the stand-in driver, each used by a container, whose figures are others every second."""

    def __init__(self, world):
        self.driver = standin.StandIn(world, GPUS)
        self.world = world
        self.pids = []
        for i in range(GPUS):
            world.daemon.run(f"train-{i}", "sleep", "100000")
            self.pids.append(int(world.daemon.docker("inspect", "-f", "{{.State.Pid}}", f"train-{i}")))
        self.step = 0
        self.ended = threading.Event()
        self._change()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        while not self.ended.wait(1):
            self._change()

    def _change(self):
        self.step += 1
        self.driver.processes = []
        for i, pid in enumerate(self.pids):
            self.driver.busy(i, pid, 30000 + 1000 * i + self.step * 37 % 500, 60 + (self.step * 7 + i * 5) % 40)
            self.driver.gpus[i].temperature = 60 + (self.step + i) % 9
        self.driver.write()

    def end(self):
        self.ended.set()
        self.thread.join()
        self.world.daemon.docker("rm", "-f", *[f"train-{i}" for i in range(GPUS)])


class InTerminal:
    """A program in a terminal of its own of 160 × 48 whose output is read and thrown away."""

    def __init__(self, words, environment):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.execvpe(words[0], words, environment)
        termios.tcsetwinsize(self.terminal, (48, 160))
        self.bytes = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            while data := os.read(self.terminal, 65536):
                self.bytes += len(data)
        except OSError: # it ended
            pass

    def end(self):
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)


def nvtop(world):
    """nvtop on the stand-in, as it shows itself without options: once a second."""
    library = os.path.join(world.folder, "driver")
    os.makedirs(library, exist_ok=True)
    os.symlink(os.environ["SLIPWAY_FAKE_NVML"], os.path.join(library, "libnvidia-ml.so.1"))
    program = InTerminal([NVTOP], dict(os.environ, LD_LIBRARY_PATH=library, TERM="xterm-256color"))
    wait_for(lambda: program.bytes > 2000, "output of nvtop")
    return program


def open_gpus_page(world, process):
    """By its keyboard: without the accessibility that costs."""
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(process.pid)], capture_output=True, text=True, check=True)
    window = found.stdout.split()[-1]
    subprocess.run(["xdotool", "windowactivate", "--sync", window, "mousemove", "--window", window, "80", "400", "click", "1", "key", "End"], check=True)
    time.sleep(6)
    world.screenshot("bench-gpus")


# ---- the comparisons


def first_paint(world):
    say("first paint …")
    result = in_turns(bare=lambda: traced(world, [os.environ["SLIPWAY_BARE_WINDOW"]], "first-paint"),
                      slipway=lambda: traced(world, [os.environ["SLIPWAY_PROGRAM"]], "first-paint"))
    result["ratio"] = round(result["slipway"] / result["bare"], 2)
    return result


def running(world):
    say(f"{RUNNING} running containers …")
    for i in range(RUNNING):
        world.daemon.run(f"busy-{i:02}", "sh", "-c", "while true; do sleep 1; done")
    result = {"dockerd alone": cpu_percent({"dockerd": world.daemon.pid})}

    slipway = settled(world)
    pids = {"slipway": slipway.pid, "dockerd": world.daemon.pid}
    result["shown"] = cpu_percent(pids)
    minimize(slipway)
    result["hidden"] = cpu_percent(pids)
    end(slipway)

    stats = subprocess.Popen(["docker", "--host", world.daemon.host, "stats"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(5)
    result["docker stats"] = cpu_percent({"docker": stats.pid, "dockerd": world.daemon.pid})
    end(stats)

    counter = Counter(world)
    slipway = settled(world, "unix://" + counter.path)
    expect(len(counter.requests) > 2, "the counter counts nothing")
    result["requestsToStart"] = len(counter.requests)
    for state in ("shown", "hidden"):
        if state == "hidden":
            minimize(slipway)
        per_minute, paths = counter.in_a_while()
        result[state].update(requestsPerMinute=per_minute, paths=paths)
    end(slipway)
    names = world.daemon.docker("ps", "-aq").split()
    world.daemon.docker("rm", "-f", *names)
    return result


def log(world):
    say(f"a log of {LOG_LINES} lines …")
    world.daemon.docker("run", "--network=none", "--log-opt", "max-size=1g", "--name", "talks", "bb:1", "sh", "-c",
                        f"yes 'epoch 3/20 step 000450 loss=0.21302 acc=0.9102 lr=0.00050 grad=1.2345 time=0.0123 s gpu=81 pct mem=40 GiB' | head -n {LOG_LINES}")
    # As Slipway asks: with time stamps.
    url = "http://docker/containers/talks/logs?stdout=1&stderr=1&timestamps=1"
    last = {}

    def ours():
        last.update(bench(world, "log", "--container", "talks"))
        expect(last["lines"] == LOG_LINES and last["skipped"] == 0, f"not the whole log: {last}")
        return last["seconds"] * 1000

    result = in_turns(curl=lambda: timed(["curl", "-s", "--unix-socket", world.daemon.socket, url]),
                      docker=lambda: timed(["docker", "--host", world.daemon.host, "logs", "-t", "talks"]),
                      slipway=ours)
    result["ratioToCurl"] = round(result["slipway"] / result["curl"], 2)
    result["ratioToDocker"] = round(result["slipway"] / result["docker"], 2)
    result["last"] = last
    world.daemon.docker("rm", "talks")
    return result


def many(world):
    say(f"{MANY} containers …")
    create_many(world)
    url = "http://docker/containers/json?all=1"
    result = in_turns(daemon=lambda: timed(["curl", "-s", "--unix-socket", world.daemon.socket, url]),
                      docker=lambda: timed(["docker", "--host", world.daemon.host, "ps", "-a"]),
                      slipwayWindow=lambda: traced(world, [os.environ["SLIPWAY_PROGRAM"]], "containers-shown"),
                      slipwayList=lambda: bench(world, "list")["seconds"] * 1000)
    result["ratioToDocker"] = round(result["slipwayWindow"] / result["docker"], 2)
    result["ratioToDaemon"] = round(result["slipwayWindow"] / result["daemon"], 2)
    return result


def gpus(world):
    """Side by side, not in turns: CPU time is what counts here, and so the same busy moments hit all."""
    if not NVTOP:
        say("nvtop is not there: Slipway alone")
    say(f"{GPUS} GPUs …")
    busy = BusyGpus(world)
    hidden = settled(world)
    minimize(hidden)
    shown = settled(world)
    open_gpus_page(world, shown)
    pids = {"shown": shown.pid, "hidden": hidden.pid}
    if NVTOP:
        terminal = nvtop(world)
        pids["nvtop"] = terminal.pid
    rounds = [cpu_percent(pids, GPU_SECONDS) for _ in range(RUNS)]
    result = {name: round(statistics.median(values[name] for values in rounds), 2) for name in pids}
    result["rounds"] = rounds
    if NVTOP:
        result["ratioToNvtop"] = round(result["shown"] / result["nvtop"], 2)
        terminal.end()
    end(shown)
    end(hidden)
    busy.end()
    return result


PARTS = {"firstPaintMs": first_paint, "running": running, "logMs": log, "manyMs": many, "gpusPercent": gpus}


def scenario(world):
    result = {"runs": RUNS, "watchedSeconds": WATCH_SECONDS, "loadBefore": os.getloadavg()[0]}
    for name, part in PARTS.items():
        if len(sys.argv) < 3 or name in sys.argv[2:]:
            result[name] = part(world)
    result["loadAfter"] = os.getloadavg()[0]
    print(json.dumps(result, indent=2))


driver.run(scenario)
