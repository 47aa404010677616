"""Clean up: what can go is seen, ticked and removed, and nothing else goes; a lock keeps what it is on. Pictures of the
page in light and dark at two sizes."""

import json
import os
import re
import subprocess
import tempfile

import driver
from driver import Widget, expect, keys, wait_for

COLUMNS = ["Name", "Size", "Age", "Last use", "Why"]
COMMANDS = ["docker container prune", "docker image prune", "docker image prune -a", "docker builder prune", "docker volume prune"]


def build(world, name, word, megabytes):
    """With BuildKit, which leaves a cache; the docker program here has no plugin for it."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "Dockerfile"), "w") as file:
            file.write(f'FROM bb:1\nRUN ["/bin/busybox", "sh", "-c", "head -c {megabytes}000000 /dev/urandom > /{word}"]\n')
        tar = subprocess.run(["tar", "-C", folder, "-c", "."], capture_output=True, check=True).stdout
    answer = subprocess.run(["curl", "-s", "--unix-socket", world.daemon.host.removeprefix("unix://"), "-X", "POST",
                             "-H", "Content-Type: application/x-tar", "--data-binary", "@-",
                             f"http://docker/v1.41/build?version=2&networkmode=host&t={name}"], input=tar, capture_output=True)
    expect(b"Successfully tagged" in answer.stdout, f"{name} was not built: {answer.stdout[-300:]}")


def populate(world):
    docker = world.daemon.docker
    build(world, "registry.example.org/team/trainer:1.0", "weights", 40)
    build(world, "registry.example.org/team/trainer:1.0", "weights2", 60)  # the first loses its name
    build(world, "experiment:old", "old", 25)
    docker("tag", "experiment:old", "experiment:keep-me")
    build(world, "notebook:latest", "notebook", 12)
    docker("run", "--network=host", "--name", "finished-run", "bb:1", "sh", "-c", "head -c 9000000 /dev/urandom > /out; echo done")
    docker("run", "--network=host", "--name", "failed-run", "bb:1", "sh", "-c", "exit 3", check=False)
    docker("create", "--network=host", "--name", "never-started", "-v", "/data", "bb:1", "true")
    docker("run", "-d", "--network=host", "--name", "training", "bb:1", "sleep", "10000")
    docker("create", "--network=host", "--name", "away", "-v", "/cache", "bb:1", "true")
    docker("rm", "away")
    docker("volume", "create", "imagenet")
    docker("run", "--rm", "--network=host", "-v", "imagenet:/data", "bb:1", "sh", "-c", "head -c 30000000 /dev/urandom > /data/x")
    docker("network", "create", "old-net")
    folder = os.path.join(os.environ["XDG_CONFIG_HOME"], "slipway", "runs")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "resnet.json"), "w") as file:
        json.dump({"slipway": 1, "image": "registry.example.org/team/trainer:1.0", "command": ["true"]}, file)


def everything(world):
    """What the daemon has, by a witness that is not Slipway."""
    lists = {"container": ("ps", "-a", "--format", "{{.Names}}"), "image": ("images", "-aq", "--no-trunc"),
             "tag": ("images", "--format", "{{.Repository}}:{{.Tag}}"), "volume": ("volume", "ls", "-q"),
             "network": ("network", "ls", "--format", "{{.Name}}")}
    return {f"{kind} {line}" for kind, words in lists.items() for line in world.daemon.docker(*words).split("\n") if line}


def tree_of(program):
    return program.find(["tree", "tree table", "table"], "Clean up")


def open_page(program):
    program.section("Clean up")
    tree = tree_of(program)
    wait_for(lambda: tree.cell("finished-run", "Why"), "finished-run among what can go")
    return tree


def tick(tree, name):
    tree.select_row(name)
    keys("space")


def ticked(program):
    return program.find("label", re.compile("^(Ticked: |Nothing is ticked)")).name


def remove_button(program):
    return program.find("push button", re.compile("^Remove "))


def pictures(world):
    for size in ((1280, 800), (1920, 1080)):
        for theme in ("light", "dark"):
            if world.size != size:
                world.set_display(*size)
            program = world.launch(theme=theme)
            if size[0] == 1920:
                program.fill_screen()
            open_page(program)
            world.screenshot(f"cleanup-{theme}-{size[0]}-fresh")
            program.button("Compute sizes…").press()
            program.find("label", re.compile("^Computed "))
            program.button("docker image prune -a").press()
            wait_for(lambda: "unused images" in ticked(program), "ticked images")
            world.screenshot(f"cleanup-{theme}-{size[0]}-ticked")
            remove_button(program).press()
            dialog = program.dialog("Clean up")
            program.button("Cancel", within=dialog.node)
            world.screenshot(f"cleanup-{theme}-{size[0]}-confirm")
            program.button("Cancel", within=dialog.node).press()
            program.close()


def advice(program, tree):
    expect(tree.columns() == COLUMNS, f"columns of Clean up: {tree.columns()}")
    for name, why in {"finished-run": "its log goes with it", "never-started": "never started",
                      "registry.example.org/team/trainer:1.0": "used by configuration resnet", "imagenet": "named volume",
                      "old-net": "no container is attached", "notebook:latest": "may be the only copy"}.items():
        wait_for(lambda: why in (tree.cell(name, "Why") or ""), f"{why!r} for {name} (it says {tree.cell(name, 'Why')!r})")
    expect(tree.cell("training", "Why") is None, "a running container can go")
    expect(tree.cell("bb:1", "Why") is None, "an image with containers can go")
    for command in COMMANDS:
        program.button(command)
    expect(ticked(program) == "Nothing is ticked.", f"something is ticked at first: {ticked(program)}")


def lock(world, program, tree):
    tree.select_row("notebook:latest")
    tree.select_row("notebook:latest", button=3)
    wait_for(lambda: program.windows() == 2, "context menu")
    keys("p")
    wait_for(lambda: (tree.cell("notebook:latest", "Why") or "").startswith("protected: "), "the lock in words")
    program.button("docker image prune -a").press()
    wait_for(lambda: "2 unused images" in ticked(program), f"ticks without the locked one ({ticked(program)})")
    # Also on the other pages.
    program.section("Containers")
    containers = program.table("Containers")
    containers.select_row("failed-run")
    containers.select_row("failed-run", button=3)
    wait_for(lambda: program.windows() == 2, "context menu of the container")
    keys("o")
    wait_for(lambda: program.windows() == 1, "the menu gone")
    program.button("Remove…").press()
    dialog = program.dialog("Remove containers")
    program.button("Remove failed-run", within=dialog.node).press()
    program.find(None, re.compile("^Could not remove failed-run: it is protected"))
    expect("container failed-run" in everything(world), "a protected container went")
    world.screenshot("cleanup-protected-container")
    program.section("Images")
    images = program.table("Images")
    images.select_row("notebook")
    program.button("Remove…").press()
    dialog = program.dialog("Remove images")
    program.find("label", re.compile("protected: it stays"), within=dialog.node)
    sure = program.find("push button", re.compile("^Remove "), within=dialog.node)
    expect(not sure.has("ENABLED"), "a protected image can be removed")
    program.button("Unprotect", within=dialog.node)
    world.screenshot("cleanup-protected")
    program.button("Cancel", within=dialog.node).press()
    program.section("Clean up")


def remove(world, program, tree):
    program.button("Untick all").press()
    before = everything(world)
    gone = {"container finished-run", "container never-started", "tag experiment:old", "tag experiment:keep-me",
            f"image {world.daemon.docker('inspect', '-f', '{{.Id}}', 'experiment:old')}", "network old-net", "volume imagenet"}
    expect(gone <= before, "the test's own things are not there")
    for name in ("finished-run", "never-started", "experiment:keep-me, experiment:old", "old-net", "imagenet"):
        row = name if tree.cell(name, "Why") else "experiment:old, experiment:keep-me"
        tick(tree, row)
    wait_for(lambda: "2 stopped containers, 1 unused image, 1 unused volume, 1 unused network" in ticked(program),
             f"five ticks ({ticked(program)})")
    remove_button(program).press()
    dialog = program.dialog("Clean up")
    # Without another tick the rest goes, and a volume with a name does not.
    sure = program.find("push button", re.compile("^Remove 4 items"), within=dialog.node)
    expect(sure.has("ENABLED"), "the rest cannot go without the volume")
    text = program.field("What will be removed", within=dialog.node).text()
    for name in ("finished-run", "never-started", "imagenet", "old-net", "experiment:old", "may be the only copy"):
        expect(name in text, f"{name} is not in the list: {text}")
    program.button(re.compile("^Also delete 1 volume"), within=dialog.node).check()
    world.screenshot("cleanup-confirm")
    program.find("push button", re.compile("^Remove 5 items"), within=dialog.node).press()
    program.find(None, re.compile("^Removed 5 items"))
    left = everything(world)
    expect(left == before - gone, f"too much gone: {before - gone - left}; still there: {left - (before - gone)}")
    wait_for(lambda: tree.cell("finished-run", "Why") is None, "finished-run out of the list")
    world.screenshot("cleanup-report")
    program.button("Details").press()
    world.screenshot("cleanup-report-details")


def follows(world, program, tree):
    """A container that is made from an image takes it off the list at once."""
    wait_for(lambda: tree.cell("registry.example.org/team/trainer:1.0", "Why"), "the trainer's image")
    world.daemon.docker("create", "--network=host", "--name", "uses-it", "registry.example.org/team/trainer:1.0", "true")
    wait_for(lambda: tree.cell("registry.example.org/team/trainer:1.0", "Why") is None, "the image off the list")


def scenario(world):
    populate(world)
    if os.environ.get("SLIPWAY_SCREENSHOTS"):
        pictures(world)
        world.set_display(1280, 800)
    program = world.launch(theme="dark")
    tree = open_page(program)
    advice(program, tree)
    program.button("Compute sizes…").press()
    program.find("label", re.compile("^Computed "))
    wait_for(lambda: "MiB" in (tree.cell("imagenet", "Size") or ""), "size of the volume")
    picture = program.find(None, "Where the disk went").node.get_description()
    expect(re.search(r"Images .*MiB.*Volumes .*MiB.*Free ", picture), f"the picture says {picture}")
    lock(world, program, tree)
    remove(world, program, tree)
    follows(world, program, tree)


driver.run(scenario)
