"""A docker run line out of a README, pasted, seen on every step, changed in two places by clicking, is what Review shows,
what is launched, what Runs has, and what runs again, at the same commit."""

import json
import os
import re
import shlex
import subprocess

import driver
from driver import expect, wait_for
from standin import StandIn, uuid

SCRIPT = "export PYTHONPATH=/workspace && python3 /workspace/training_repo/train.py --epochs 20"
CODE = "cd /workspace/training_repo && git pull && git checkout {} && "
PASTED = "docker run line to read"


NAME = "tensorflow2-container"


def make_image(world):
    """busybox with what the line needs: a shell by that name, and a git and a python that only seem to do something."""
    stubs = ("printf '#!/bin/sh\\nexec sh \"$@\"\\n' > /bin/bash; printf '#!/bin/sh\\nexit 0\\n' > /bin/git; "
             "printf '#!/bin/sh\\nuntil [ -e /workspace/stop ]; do sleep 0.2; done\\n' > /bin/python3; "
             "chmod 755 /bin/bash /bin/git /bin/python3")
    world.daemon.docker("run", "--network=none", "--name", "seed", "bb:1", "sh", "-c", stubs)
    world.daemon.docker("commit", "seed", "ref:1")
    world.daemon.docker("rm", "seed")


def make_repository(world):
    """The working copy that is mounted; the commit of another_branch."""
    folder = os.path.join(world.folder, "training_repo")
    os.mkdir(folder)

    def git(*words):
        return subprocess.run(["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *words], cwd=folder,
                              check=True, capture_output=True, text=True).stdout.strip()
    git("init", "-q", "-b", "my_training_dev_branch")
    git("commit", "-q", "--allow-empty", "-m", "First")
    git("branch", "another_branch")
    git("commit", "-q", "--allow-empty", "-m", "Second")
    return git("rev-parse", "another_branch")


def pasted(world):
    """The reference line of a person's every day, on several lines and behind a prompt, as it stands in a README."""
    return ("$ sudo docker run -i -d --rm --gpus=device=0 --name tensorflow2-container --network=host \\\n"
            "    --shm-size=1g --ulimit memlock=-1 --ulimit stack=67108864 \\\n"
            f"    -v {world.folder}/:/workspace ref:1 \\\n"
            f'    bash -c "{CODE.format("my_training_dev_branch")}{SCRIPT}"\n')


def wanted(world, gpu, branch):
    return ["docker", "run", "-i", "-d", "--rm", f"--gpus=device={gpu}", "--name", "tensorflow2-container", "--network=host",
            "--shm-size=1g", "--ulimit", "memlock=-1", "--ulimit", "stack=67108864", "-v", f"{world.folder}/:/workspace",
            "ref:1", "bash", "-c", CODE.format(branch) + SCRIPT]


def review(program, wizard):
    program.step(wizard, "Review")
    line = program.field("docker run line", within=wizard.node)
    wait_for(lambda: line.text().startswith("docker run"), "line in Review")
    return shlex.split(line.text())


def paste(world, program, wizard):
    program.button("Paste a docker run line…", within=wizard.node).press()
    text = program.field(PASTED, within=wizard.node)
    use = program.button("Use this line", within=wizard.node)

    # A slip of the pen is named at its place, and stays as it was typed.
    wrong = pasted(world).replace("--shm-size", "--shm-siez")
    text.set_text(wrong)
    program.find("label", re.compile(r"^Line 2, character 5: .*--shm-siez"), within=wizard.node)
    expect(not use.has("ENABLED"), "a line with a fault can be used")
    world.screenshot("paste-fault")
    program.button("Back", within=wizard.node).press()
    program.button("Paste a docker run line…", within=wizard.node).press()
    text = program.field(PASTED, within=wizard.node)
    expect(text.text() == wrong, "the text was lost on the way back")

    text.set_text(pasted(world))
    program.find("label", re.compile("Removed when it ends"), within=wizard.node)
    program.find("label", re.compile(f"Mount {world.folder}/ → /workspace"), within=wizard.node)
    program.find("label", re.compile("^GPU 0$"), within=wizard.node)
    world.screenshot("paste-good")
    program.button("Use this line", within=wizard.node).press()
    program.find(None, re.compile("^Filled from the line you pasted"), within=wizard.node)


def every_step_has_it(world, program, wizard):
    def says(step, name, words):
        field = program.field(name, within=wizard.node)
        expect(field.text() == words, f"{step}: {name} says {field.text()!r} and not {words!r}")

    def is_on(step, name, on=True):
        expect(program.button(name, within=wizard.node).has("CHECKED") == on, f"{step}: {name} is {'off' if on else 'on'}")

    program.step(wizard, "Image")
    says("Image", "Image", "ref:1")
    program.step(wizard, "GPUs")
    is_on("GPUs", "These")
    says("GPUs", "These", "0")
    program.step(wizard, "Code")
    is_on("Code", "Code that lies in the image or a mounted folder")
    is_on("Code", "git pull")
    says("Code", "Check out", "my_training_dev_branch")
    program.step(wizard, "Mounts")
    says("Mounts", "Host folder", world.folder + "/")
    says("Mounts", "Container path", "/workspace")
    program.step(wizard, "Command")
    is_on("Command", "Shell script")
    says("Command", "Shell script", SCRIPT)
    program.step(wizard, "Resources")
    says("Resources", "Name", "tensorflow2-container")
    says("Resources", "Shared memory", "1g")
    says("Resources", "Stack", "67108864")
    for box in ("Remove when finished", "Keep its input open (-i)", "Run in the background (-d)", "Unlimited memlock"):
        is_on("Resources", box)
    is_on("Resources", "Give it a terminal (-t)", False)
    expect(program.combo("Network").name == "The host's own (host)", "the network is not the host's")


def tick_the_other_gpu(program, wizard):
    program.step(wizard, "GPUs")
    table = program.table("Choose GPUs", within=wizard.node)

    def ticks():
        return [table.cell_at(row, 0).has("CHECKED") for row in range(2)]
    wait_for(lambda: ticks() == [True, False], "tick at GPU 0")
    for row, after in ((1, [True, True]), (0, [False, True])):
        table.cell_at(row, 1).click()
        wait_for(lambda: ticks() == after, f"ticks {after}")


def inspect(world, name):
    return json.loads(world.daemon.docker("inspect", name))[0]


def ask_for_no_more_than_is_allowed(world, program, wizard):
    """A machine in a container itself may not raise limits: the rest of the line is launched all the same."""
    said = world.daemon.docker("run", "--rm", "--network=none", "--ulimit", "memlock=-1", "--ulimit", "stack=67108864", "bb:1",
                               "echo", "fine", check=False)
    if said == "fine":
        return
    program.step(wizard, "Resources")
    program.button("Unlimited memlock", within=wizard.node).check(False)
    program.field("Stack", within=wizard.node).set_text("")


def launch_and_run_again(world, program, wizard, commit):
    program.button("Launch", within=wizard.node).press()
    containers = program.table("Containers")
    wait_for(lambda: re.match("Running", containers.cell(NAME, "State") or ""), f"{NAME} running", patience=60)
    first = inspect(world, NAME)
    expect(first["Config"]["Cmd"] == ["bash", "-c", CODE.format("another_branch") + SCRIPT], f"it runs {first['Config']['Cmd']}")
    expect(first["HostConfig"]["DeviceRequests"][0]["DeviceIDs"] == [uuid(1)], "it has another GPU")
    expect(first["Config"]["Labels"]["io.slipway.commit"] == f"{commit} /workspace/training_repo", "its commit is not known")

    program.section("Runs")
    runs = program.table("Runs")
    wait_for(lambda: re.match("Running", runs.cell(NAME, "State") or ""), f"{NAME} in Runs")
    expect(runs.cell(NAME, "Origin") == "New run", f"it came from {runs.cell(NAME, 'Origin')}")
    expect(runs.cell(NAME, "Image") == "ref:1", f"it is of {runs.cell(NAME, 'Image')}")
    runs.select_row(NAME)
    program.find("text", "docker run line") # of the run, with its commit above
    world.screenshot("paste-runs")
    program.button("Run again").press()
    again = NAME + "-2"
    containers = program.table("Containers")
    wait_for(lambda: re.match("Running", containers.cell(again, "State") or ""), f"{again} running", patience=60)
    second = inspect(world, again)
    pinned = CODE.format(commit).replace("git pull", "git fetch") + SCRIPT
    expect(second["Config"]["Cmd"] == ["bash", "-c", pinned], f"it runs {second['Config']['Cmd']}")
    expect(second["Image"] == first["Image"], "it runs another image")
    expect(second["HostConfig"]["DeviceRequests"] == first["HostConfig"]["DeviceRequests"], "it has other GPUs")
    expect(containers.cell(again, "Image") == "ref:1", f"Containers says {containers.cell(again, 'Image')}")
    world.screenshot("paste-again")

    with open(os.path.join(world.folder, "stop"), "w", encoding="ascii"):
        pass
    program.section("Runs")
    runs = program.table("Runs")
    for name in (NAME, again):
        wait_for(lambda: runs.cell(name, "State") == "Finished", f"end of {name}", patience=60)
    expect(runs.cell(again, "Origin") == "Run again" and runs.cell(again, "Image") == "ref:1", f"Runs says {runs.rows()}")


def scenario(world):
    StandIn(world, 2)
    make_image(world)
    commit = make_repository(world)
    program = world.launch()
    wizard = program.new_run()
    paste(world, program, wizard)
    expect(review(program, wizard) == wanted(world, "0", "my_training_dev_branch"), "Review has not the line that was pasted")
    every_step_has_it(world, program, wizard)

    program.step(wizard, "Code")
    program.field("Check out", within=wizard.node).set_text("another_branch")
    tick_the_other_gpu(program, wizard)
    line = review(program, wizard)
    expect(line == wanted(world, uuid(1), "another_branch"), f"Review says\n{shlex.join(line)}")
    world.screenshot("paste-changed")
    ask_for_no_more_than_is_allowed(world, program, wizard)
    launch_and_run_again(world, program, wizard, commit)


driver.run(scenario)
