"""Who is on which GPU, everywhere the same; and a run gets exactly the GPUs that were ticked for it.

The GPUs are the stand-in driver's, the processes on them are those of real containers. What a run got is read from the
environment of its first process, where Docker's own NVIDIA code puts it.
"""

import json
import os
import re
import statistics
import subprocess
import time

import driver
from driver import Failed, Widget, expect, wait_for
from standin import GIB, StandIn, uuid

GPUS = 8
LOST = 3
SLICED = 4
PARTS = [("MIG-11111111-1111-1111-1111-111111111111", 1, 40 * GIB, "3g.40gb"),
         ("MIG-22222222-2222-2222-2222-222222222222", 2, 10 * GIB, "1g.10gb")]
STALL = 10 # seconds
FIRST = 0 # column of a row's name, and of its tick


# ---- what there is


def start(world, name, *options):
    """A container that does nothing for long, and the process id that the machine knows it by."""
    world.daemon.run(name, "sleep", "100000", options=options)
    return pid_of(world, name)


def pid_of(world, name):
    return int(world.daemon.docker("inspect", "-f", "{{.State.Pid}}", name))


def populate(world):
    standin = StandIn(world, GPUS)
    standin.gpus[LOST].flag = "lost"
    standin.gpus[SLICED].parts = PARTS
    world.outsider = subprocess.Popen(["sleep", "100000"])
    world.processes.append(world.outsider)
    standin.busy(0, start(world, "resnet", "--gpus=device=0"), 40 * GIB, 97)
    standin.busy(1, start(world, "vit", "--gpus=device=1"), 20 * GIB, 55)
    standin.busy(2, world.outsider.pid, 12 * GIB, 30)
    standin.write()
    return standin


def size(mib):
    return "0 B" if mib == 0 else f"{mib // GIB} GiB"


# ---- the same from everywhere


class Truth:
    """What each view has to say, out of what the stand-in says and whose its processes are."""

    def __init__(self, standin, owners):
        self.standin = standin
        self.owners = owners # name by process id; those outside containers have a colon

    def names(self, index, instance=None):
        """Who is on a GPU or on a part of it, who holds most first."""
        mine = sorted((p for p in self.standin.processes if p[0] == index and instance in (None, p[4])), key=lambda p: -p[2])
        return [self.owners[p[1]] for p in mine]

    def table(self):
        """GPU: (Utilisation, Memory, Used by) of the GPUs page."""
        rows = {}
        for index, gpu in enumerate(self.standin.gpus):
            if gpu.flag == "lost":
                rows[str(index)] = ("lost", None, "–")
                continue
            busy = "–" if gpu.parts else f"{gpu.utilisation} %"
            rows[str(index)] = (busy, f"{size(gpu.used)} / 80 GiB", ", ".join(self.names(index)) or "–")
            for part, (_, instance, total, _) in enumerate(gpu.parts):
                used = sum(p[2] for p in self.standin.processes if p[0] == index and p[4] == instance)
                rows[f"{index}:{part}"] = ("–", f"{size(used)} / {size(total)}", ", ".join(self.names(index, instance)) or "–")
        return rows

    def processes(self):
        """(GPU, PID, Container, Memory) of the GPUs page."""
        result = set()
        for index, pid, memory, _, instance in self.standin.processes:
            place = str(index) if instance is None else f"{index}:{[part[1] for part in self.standin.gpus[index].parts].index(instance)}"
            owner = self.owners[pid]
            result.add((place, str(pid), "–" if ":" in owner else owner, size(memory)))
        return result

    def report(self):
        """GPU: processes as (pid, container, bytes), for those of the terminal."""
        return {uuid(index): {(p[1], None if ":" in self.owners[p[1]] else self.owners[p[1]], p[2] << 20) for p in self.standin.processes if p[0] == index}
                for index in range(len(self.standin.gpus))}

    def containers(self):
        """Name: (GPU memory, the GPUs it is on) of those that are on one."""
        result = {}
        for place, _, name, _ in self.processes():
            if name != "–":
                memory = sum(p[2] for p in self.standin.processes if self.owners[p[1]] == name)
                result.setdefault(name, (size(memory), set()))[1].add(place)
        return result


def table_view(program):
    rows = program.table("GPUs").rows()
    return {row["GPU"].strip(): (row["Utilisation"], None if row["Utilisation"] == "lost" else row["Memory"], row["Used by"]) for row in rows}


def process_view(program):
    return {(row["GPU"], row["PID"], row["Container"], row["Memory"]) for row in program.table("GPU processes").rows()}


def report_view(world):
    said = subprocess.run([os.environ["SLIPWAY_PROGRAM"], "--host", world.daemon.host, "gpus", "--json"], capture_output=True, text=True)
    expect(said.returncode == 0 and not said.stderr, f"slipway gpus: {said.returncode} {said.stderr}")
    seen = {}
    for gpu in json.loads(said.stdout)["gpus"]:
        processes = [process for device in [gpu, *gpu["mig_devices"]] for process in device["processes"]]
        seen[gpu["uuid"]] = {(process["pid"], process["container"], process["memory_bytes"]) for process in processes}
    return seen


def container_view(program):
    seen = {}
    for row in program.table("Containers").rows():
        gpus = re.match(r"([0-9:]+(?:, [0-9:]+)*)(?: · .*)?$", row["GPUs"]) # not those that it only asked for
        if gpus:
            seen[row["Name"]] = (row["GPU memory"], set(gpus[1].split(", ")))
    return seen


def strip_view(program):
    """GPU: (percent, GiB used, who)."""
    seen = {}
    for cell in program.find_all("push button", re.compile("^GPU [0-9]+: "), within=program.find(None, "GPU strip").node):
        number, figures = re.match(r"GPU ([0-9]+): (.*)", cell.name).groups()
        percent = re.search(r"([0-9]+) %", figures)
        memory = re.search(r"([0-9]+)/80 GiB", figures)
        seen[number] = (percent and percent[1], memory and memory[1], re.sub(r"^([0-9]+ %, )?([0-9]+/80 GiB, )?", "", figures))
    return seen


def strip_truth(truth):
    rows = {}
    for index, gpu in enumerate(truth.standin.gpus):
        if gpu.flag == "lost":
            rows[str(index)] = (None, None, "lost")
            continue
        percent = None if gpu.parts else str(gpu.utilisation)
        rows[str(index)] = (percent, str(gpu.used // GIB), ", ".join(truth.names(index)) or f"free {size(gpu.total - gpu.used)}")
    return rows


def picker_view(program, wizard):
    rows = program.table("Choose GPUs", within=wizard.node).rows()
    return {row["GPU"]: (row["Free memory"], row["Used by"]) for row in rows}


def picker_truth(truth):
    rows = {}
    for index, gpu in enumerate(truth.standin.gpus):
        if gpu.flag == "lost":
            rows[str(index)] = (None, "lost")
        for part, (_, instance, total, _) in enumerate(gpu.parts):
            used = sum(p[2] for p in truth.standin.processes if p[0] == index and p[4] == instance)
            rows[f"{index}:{part}"] = (f"{size(total - used)} of {size(total)}", ", ".join(truth.names(index, instance)) or "nobody")
        if not gpu.parts and gpu.flag != "lost":
            rows[str(index)] = (f"{size(gpu.total - gpu.used)} of 80 GiB", ", ".join(truth.names(index)) or "nobody")
    return rows


def becomes(view, truth, what):
    """Waits until a view says the truth; else says where it differs."""
    seen = {}

    def same():
        seen["last"] = view()
        return seen["last"] == truth
    try:
        wait_for(same, what)
    except Failed as failure:
        raise Failed(f"{what}:\n  is        {seen.get('last')}\n  should be {truth}") from failure


def picker_agrees(program, wizard, truth):
    def view():
        return {gpu: (None if used_by == "lost" else free, used_by) for gpu, (free, used_by) in picker_view(program, wizard).items()}
    becomes(view, picker_truth(truth), "wizard's list of GPUs")


def all_agree(world, program, truth):
    program.section("GPUs")
    becomes(lambda: table_view(program), truth.table(), "GPUs table")
    becomes(lambda: process_view(program), truth.processes(), "GPU processes")
    becomes(lambda: strip_view(program), strip_truth(truth), "strip")
    becomes(lambda: report_view(world), truth.report(), "slipway gpus --json")
    program.section("Containers")
    becomes(lambda: container_view(program), truth.containers(), "containers' GPUs")
    wizard = program.new_run()
    program.step(wizard, "GPUs")
    picker_agrees(program, wizard, truth)
    return wizard


def who_is_where(world, program, standin):
    resnet, vit = pid_of(world, "resnet"), pid_of(world, "vit")
    truth = Truth(standin, {resnet: "resnet", vit: "vit", world.outsider.pid: "root: sleep 100000"})
    wizard = all_agree(world, program, truth)

    # One goes, one moves, one comes on a part of a GPU: under the open wizard, and behind it.
    standin.leave(world.outsider.pid)
    standin.leave(vit)
    standin.busy(6, vit, 70 * GIB, 88)
    sliced = start(world, "sliced", "--gpus=device=" + PARTS[0][0])
    truth.owners[sliced] = "sliced"
    standin.busy(SLICED, sliced, 16 * GIB, 10, PARTS[0][1])
    standin.write()
    picker_agrees(program, wizard, truth)
    program.button("Cancel", within=wizard.node).press()
    wizard = all_agree(world, program, truth)
    program.button("Cancel", within=wizard.node).press()


# ---- what is ticked is what a run gets


def given(world, name):
    """UUIDs of the GPUs that the container sees, by its first process's own environment."""
    def environment():
        pid = world.daemon.docker("inspect", "-f", "{{.State.Pid}}", name, check=False)
        if not pid.isdigit() or pid == "0":
            return None
        with open(f"/proc/{pid}/environ", encoding="utf-8") as file:
            variables = dict(word.split("=", 1) for word in file.read().split("\0") if "=" in word)
        return variables if "HOSTNAME" in variables else None # runc's own has none
    try:
        visible = wait_for(environment, f"process of {name}", patience=60).get("NVIDIA_VISIBLE_DEVICES", "")
    except OSError as error:
        raise Failed(f"{name} ended: {error}") from error
    if visible == "all":
        return {uuid(index) for index in range(GPUS)}
    return {uuid(int(word)) if word.isdigit() else word for word in visible.split(",") if word}


def ticks(program, wizard):
    """The GPUs with a tick."""
    table = program.table("Choose GPUs", within=wizard.node)
    cells = [table.cell_at(row, FIRST) for row in range(len(table.rows()))]
    return {cell.name for cell in cells if cell.has("CHECKED")}


def tick(program, wizard, *places):
    """Clicks those rows of the list, as a person does."""
    table = program.table("Choose GPUs", within=wizard.node)
    for place in places:
        before = ticks(program, wizard)
        expect(place not in before, f"GPU {place} has a tick already")
        names = [row["GPU"] for row in table.rows()]
        wait_for(lambda: table.cell_at(names.index(place), 1).rectangle()[3] > 0, f"row of GPU {place}")
        table.cell_at(names.index(place), 1).click()
        wait_for(lambda: ticks(program, wizard) == before | {place}, f"ticks {before | {place}}")


def launch(world, program, name, choose, warning=None):
    """Launches the sample on the GPUs that choose(wizard) chooses; the GPUs it got."""
    wizard = program.new_run()
    program.step(wizard, "Image")
    program.button("Sample training", within=wizard.node).press()
    program.step(wizard, "Resources")
    program.field("Name", within=wizard.node).set_text(name)
    program.step(wizard, "GPUs")
    choose(wizard)
    program.step(wizard, "Review")
    if warning:
        findings = program.find("list", "Before you launch", within=wizard.node)
        program.find("list item", warning, within=findings.node)
        world.screenshot("gpus-review")
    program.button("Launch", within=wizard.node).press()
    return given(world, name)


def any_of(program, wizard, count):
    program.button("Any", within=wizard.node).check()
    box = program.field("Any", within=wizard.node)
    expect(driver.Atspi.Value.set_current_value(box.node, count), "the number of GPUs cannot be set")
    wait_for(lambda: len(ticks(program, wizard)) == count, f"{count} ticks for any {count}")


def ticked_is_given(world, program):
    free = {uuid(index) for index in (1, 2, 5, 7)}
    every = {uuid(index) for index in range(GPUS)}

    def these(wizard):
        program.button("These", within=wizard.node).check()
        program.field("These", within=wizard.node).set_text(uuid(7))
        wait_for(lambda: ticks(program, wizard) == {"7"}, "tick at the GPU whose UUID was typed")

    # Whole GPUs, and not the part that is free. Once such a run is gone they are free at once; until then they are not.
    got = launch(world, program, "any-4", lambda wizard: any_of(program, wizard, 4))
    expect(got == free, f"any 4 are {sorted(got)}, and free are {sorted(free)}")
    world.daemon.docker("rm", "-f", "any-4")
    first = launch(world, program, "any-first", lambda wizard: any_of(program, wizard, 1))
    second = launch(world, program, "any-second", lambda wizard: any_of(program, wizard, 1))
    expect(len(first) == 1 and len(second) == 1 and first | second <= free, f"any 1 are {first} and {second}")
    expect(first != second, f"two runs in a row were given {first}")
    world.daemon.docker("rm", "-f", "any-first", "any-second")

    cases = [
        ("none", lambda wizard: program.button("None", within=wizard.node).check(), set(), None),
        ("taken", lambda wizard: tick(program, wizard, "0"), {uuid(0)}, re.compile("^GPU 0 is in use by resnet")),
        ("pair", lambda wizard: tick(program, wizard, "5", "7"), {uuid(5), uuid(7)}, None),
        ("part", lambda wizard: tick(program, wizard, "4:1"), {PARTS[1][0]}, None),
        ("typed", these, {uuid(7)}, None),
        ("every", lambda wizard: program.button("All", within=wizard.node).check(), every, re.compile("in use, held or lost")),
    ]
    for name, choose, wanted, warning in cases:
        got = launch(world, program, name, choose, warning)
        expect(got == wanted, f"{name} was given {sorted(got)} and not {sorted(wanted)}")
        world.daemon.docker("rm", "-f", name)


# ---- a driver that hangs, and the way to a container


def hangs(program, standin):
    standin.late["nvmlDeviceGetTemperature"] = 600 # or until the line is gone
    standin.write()

    def seconds():
        label = program.find("label", re.compile(r"no answer for [0-9]+ s"), required=False)
        return int(re.search(r"for ([0-9]+) s", label.name)[1]) if label else 0

    wait_for(lambda: seconds() > 0, "no answer for …")
    field = program.field("Filter")
    answers = []
    while seconds() < STALL:
        started = time.monotonic()
        word = f"nothing {len(answers)}"
        field.set_text(word)
        answers.append(time.monotonic() - started)
        expect(len(answers) < 5000, "the seconds without an answer do not grow")
    field.set_text("")
    # Not each: the machine has others to serve. A window that waits for the driver would answer none in time.
    expect(len(answers) >= 3 and statistics.median(answers) < 1, f"while the driver hangs, the window answers after {answers} s")
    standin.late.clear()
    standin.gpus[7].temperature = 61
    standin.write()
    wait_for(lambda: seconds() == 0, "an answering driver")
    program.section("GPUs")
    wait_for(lambda: program.table("GPUs").cell("7", "Temperature") == "61 °C", "temperature after the hang")


def to_the_container(world, program):
    """From a process to its container by one click."""
    program.section("GPUs")
    table = program.table("GPU processes")
    pid = str(pid_of(world, "vit"))
    row = wait_for(lambda: next((i + 1 for i, row in enumerate(table.rows()) if row["PID"] == pid), 0), "process of vit") - 1
    table.cell_at(row, table.columns().index("Container")).click()
    containers = program.table("Containers")
    wait_for(lambda: containers.selected() == ["vit"], "vit selected among the containers")
    program.console("vit")


def pictures(world):
    for size_ in ((1280, 800), (1920, 1080)):
        if world.size != size_:
            world.set_display(*size_)
        for theme in ("light", "dark"):
            program = world.launch(theme=theme)
            if size_ != (1280, 800):
                program.fill_screen()
            program.section("GPUs")
            wait_for(lambda: "vit" in program.table("GPUs").cell("6", "Used by"), "figures")
            wait_for(lambda: len(process_view(program)) == 3, "processes")
            name = f"{theme}-{size_[0]}-gpus"
            world.screenshot(name)
            wizard = program.new_run()
            program.step(wizard, "GPUs")
            tick(program, wizard, "5", "6")
            world.screenshot(name + "-picker")
            program.button("Cancel", within=wizard.node).press()
            program.close()


def scenario(world):
    standin = populate(world)
    program = world.launch()
    who_is_where(world, program, standin)
    ticked_is_given(world, program)
    hangs(program, standin)
    to_the_container(world, program)
    program.close()
    pictures(world)


driver.run(scenario)
