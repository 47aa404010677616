"""A docker run line out of a README, pasted, seen on every step, changed in two places by clicking, is what Review shows."""

import re
import shlex

import driver
from driver import expect, wait_for
from standin import StandIn, uuid

SCRIPT = "export PYTHONPATH=/workspace && python3 /workspace/training_repo/train.py --epochs 20"
CODE = "cd /workspace/training_repo && git pull && git checkout {} && "
PASTED = "docker run line to read"


def pasted(world):
    """The reference line of a person's every day, on several lines and behind a prompt, as it stands in a README."""
    return ("$ sudo docker run -i -d --rm --gpus=device=0 --name tensorflow2-container --network=host \\\n"
            "    --shm-size=1g --ulimit memlock=-1 --ulimit stack=67108864 \\\n"
            f"    -v {world.folder}/:/workspace bb:1 \\\n"
            f'    bash -c "{CODE.format("my_training_dev_branch")}{SCRIPT}"\n')


def wanted(world, gpu, branch):
    return ["docker", "run", "-i", "-d", "--rm", f"--gpus=device={gpu}", "--name", "tensorflow2-container", "--network=host",
            "--shm-size=1g", "--ulimit", "memlock=-1", "--ulimit", "stack=67108864", "-v", f"{world.folder}/:/workspace",
            "bb:1", "bash", "-c", CODE.format(branch) + SCRIPT]


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
    says("Image", "Image", "bb:1")
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


def scenario(world):
    StandIn(world, 2)
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
    program.button("Cancel", within=wizard.node).press()


driver.run(scenario)
