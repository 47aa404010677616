"""Every part of the line a person types today (DESIGN.md), entered by clicking and typing, is the line Review shows."""

import re
import shlex

import driver
from driver import expect, wait_for

SCRIPT = "export PYTHONPATH=/workspace && python3 /workspace/training_repo/train.py --lr 0.001"
CODE = "cd /workspace/training_repo && git pull && git checkout my_training_dev_branch && "


def fill(program, wizard, folder):
    field = lambda name: program.field(name, within=wizard.node)
    button = lambda name: program.button(name, within=wizard.node)

    program.step(wizard, "Image")
    field("Image").set_text("bb:1")
    program.step(wizard, "GPUs")
    button("These").check()
    field("These").set_text("0")
    program.step(wizard, "Code")
    button("Code that lies in the image or a mounted folder").check()
    field("Folder").set_text("/workspace/training_repo")
    button("git pull").check()
    field("Check out").set_text("my_training_dev_branch")
    program.step(wizard, "Mounts")
    button("Add mount").press()
    field("Host folder").set_text(folder + "/")
    field("Container path").set_text("/workspace")
    program.step(wizard, "Command")
    button("Shell script").check()
    field("Shell script").set_text(SCRIPT)
    program.step(wizard, "Resources")
    field("Name").set_text("tensorflow2-container")
    button("Remove when finished").check()
    button("Keep its input open (-i)").check()
    button("Run in the background (-d)").check()
    field("Shared memory").set_text("1g")
    button("Unlimited memlock").check()
    field("Stack").set_text("67108864")
    program.combo("Network").choose("The host's own (host)")


def scenario(world):
    program = world.launch()
    wizard = program.new_run()
    fill(program, wizard, world.folder)
    program.step(wizard, "Review")
    wanted = ["docker", "run", "-i", "-d", "--rm", "--gpus=device=0", "--name", "tensorflow2-container", "--network=host",
              "--shm-size=1g", "--ulimit", "memlock=-1", "--ulimit", "stack=67108864", "-v", f"{world.folder}/:/workspace",
              "bb:1", "bash", "-c", CODE + SCRIPT]
    line = program.field("docker run line", within=wizard.node)
    # What a shell makes of it counts: there are several ways to quote.
    wait_for(lambda: line.text().startswith("docker run"), "line in Review")
    expect(shlex.split(line.text()) == wanted, f"Review says\n{line.text()}\nand not\n{shlex.join(wanted)}")
    world.screenshot("referenceline-review")

    # Docker refuses it (busybox has no bash): it is told in the wizard, nothing stays, what was typed survives.
    program.button("Launch", within=wizard.node).press()
    bar = program.find(None, re.compile("^Could not launch tensorflow2-container"), within=wizard.node)
    world.screenshot("referenceline-refused")
    print(bar.name)
    wait_for(lambda: world.daemon.docker("ps", "-aq") == "", "undone launch")
    program.step(wizard, "Review")
    expect(shlex.split(program.field("docker run line", within=wizard.node).text()) == wanted, "an error lost what was typed")
    program.button("Cancel", within=wizard.node).press()


driver.run(scenario)
