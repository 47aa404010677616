"""Building an image: Build… → folder → Build → its steps → Run…; a big folder made small with one click, a failing step
with the Dockerfile's line, Cancel, Build again, a generated Dockerfile. Pictures in light and dark."""

import os
import re

import driver
from driver import expect, wait_for

GOOD = """FROM bb:1 AS tools
RUN echo tools > /tools; for i in 1 2 3; do echo tool $i; done
FROM bb:1
ARG GREETING=hello
WORKDIR /work
COPY --from=tools /tools /tools
COPY . .
RUN echo $GREETING world; printf '10%%\\r55%%\\r100%%\\n'
CMD ["sh"]
"""
BAD = """FROM bb:1
WORKDIR /work
# installs nothing
RUN echo looking for the wheel; \\
    exit 7
RUN echo never
"""


def make_context(world):
    folder = os.path.join(world.folder, "train")
    os.makedirs(os.path.join(folder, "data"))
    for name, text in {"Dockerfile": GOOD, "train.py": "print('hi')\n"}.items():
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
    with open(os.path.join(folder, "data", "images.bin"), "wb") as file:
        file.truncate(700 * 1024 * 1024)
    return folder


def open_dialog(program):
    program.button("Build…").press()
    return program.dialog("Build image")


def fill_in(world, program, folder):
    dialog = open_dialog(program)
    build = program.button("Build", within=dialog.node)
    expect(not build.has("ENABLED"), "nothing can be built from no folder")
    field = program.field("Folder", within=dialog.node)
    field.set_text("/no/such/folder")
    program.find("label", re.compile("There is no folder"), within=dialog.node)
    expect(not build.has("ENABLED"), "a folder that is not there can be built")
    field.set_text(folder)
    program.field("Name", within=dialog.node).set_text("me/train:1")
    program.find("label", re.compile("^700 MiB in 3 files"), within=dialog.node)
    world.screenshot("build-dialog-light")
    program.button("Add to .dockerignore", within=dialog.node).press()
    program.find("label", re.compile(r"^\d+ B in 3 files"), within=dialog.node)
    with open(os.path.join(folder, ".dockerignore")) as file:
        expect(file.read() == "data\n", "the line in .dockerignore is another one")
    program.button("More", within=dialog.node).press()
    # The tests' daemon has no other network.
    network = program.find("combo box", None, within=program.find(["filler", "combo box"], "Network", within=dialog.node).node)
    network.choose("The host's")
    line = program.field("docker build line", within=dialog.node)
    wait_for(lambda: line.text() == f"DOCKER_BUILDKIT=1 docker build -t me/train:1 --network=host {folder}", "docker build line")
    wait_for(lambda: build.has("ENABLED"), "Build")
    world.screenshot("build-dialog-more")
    build.press()


def steps_of(program):
    tree = program.find(["tree", "tree table"], "Steps")
    cells = []
    for i in range(tree.node.get_child_count()):
        child = tree.node.get_child_at_index(i)
        if child and child.get_name():
            cells.append(child.get_name())
    return cells


def succeeds(world, program):
    builds = program.table("Builds")
    wait_for(lambda: builds.cell("me/train:1", "State") == "Built", "end of the build", patience=90)
    wait_for(lambda: any(re.match("^5/5  RUN echo", cell) for cell in steps_of(program)), "last step")
    cells = steps_of(program)
    expect("Stage tools" in cells and "Done" in cells, f"the steps are {cells}")
    log = program.field("Log of the step")
    wait_for(lambda: "hello world" in log.text() and "100%" in log.text() and "55%" not in log.text(), "log of the last step")
    world.screenshot("build-done-light")
    expect("me/train" in world.daemon.docker("images", "--format", "{{.Repository}}"), "the image is not there")


def runs_it(program):
    # The tool bar's own is for the selected image, and there is none.
    button = wait_for(lambda: [b for b in program.find_all("push button", "Run…") if b.has("ENABLED")], "Run… of the build")
    button[0].press()
    wizard = program.dialog("New run")
    wait_for(lambda: program.field("Image", within=wizard.node).text() == "me/train:1", "image in New run")
    program.button("Cancel", within=wizard.node).press()


def fails(world, program, folder):
    with open(os.path.join(folder, "Dockerfile"), "w") as file:
        file.write(BAD)
    program.button("Build again").press()
    builds = program.table("Builds")
    wait_for(lambda: [row["State"] for row in builds.rows()] == ["Failed", "Built"], "failed build", patience=60)
    failure = program.find("label", re.compile("Line 4 of the Dockerfile"))
    expect("ended with exit code 7" in failure.name and failure.name.count("exit 7") == 1, f"it says {failure.name!r}")
    expect("    looking for the wheel" in failure.name, f"the last output is not in {failure.name!r}")
    wait_for(lambda: "looking for the wheel" in program.field("Log of the step").text(), "log of the failing step")
    world.screenshot("build-failed-light")


def is_cancelled(world, program, folder):
    with open(os.path.join(folder, "Dockerfile"), "w") as file:
        file.write("FROM bb:1\nRUN echo waiting; sleep 1000\n")
    program.button("Build again").press()
    wait_for(lambda: "waiting" in program.field("Log of the step").text(), "running step", patience=60)
    world.screenshot("build-running-light")
    # Quitting asks.
    driver.keys("alt+F4")
    box = program.dialog("Quit")
    program.find("label", re.compile("me/train:1 is still being built"), within=box.node)
    program.button("End builds and quit", within=box.node)
    world.screenshot("build-quit-light")
    program.button("Cancel", within=box.node).press()
    wait_for(lambda: not program.find_all(["alert", "dialog", "frame", "window"], "Quit"), "closed question")
    program.button("Cancel").press()
    builds = program.table("Builds")
    wait_for(lambda: builds.rows()[0]["State"] == "Cancelled", "cancelled build", patience=60)


def generates(world, program):
    dialog = open_dialog(program)
    wait_for(lambda: program.field("Name", within=dialog.node).text() == "me/train:1", "what was typed before")
    program.button("Start over", within=dialog.node).press()
    wait_for(lambda: program.field("Name", within=dialog.node).text() == "", "empty dialog")
    program.button("Generate…", within=dialog.node).press()
    maker = program.dialog("Generate Dockerfile")
    folder = os.path.join(world.folder, "made")
    os.mkdir(folder)
    program.field("Base image", within=maker.node).set_text("bb:1")
    program.field("Requirements", within=maker.node).set_text("")
    program.field("Command", within=maker.node).set_text("echo hi")
    text = program.field("Dockerfile text", within=maker.node)
    wait_for(lambda: text.text() == 'FROM bb:1\n\nWORKDIR /workspace\n\nCOPY . .\n\nCMD ["echo", "hi"]\n', "generated Dockerfile")
    program.field("File", within=maker.node).set_text(os.path.join(folder, "Dockerfile"))
    world.screenshot("build-template-light")
    program.button("Save", within=maker.node).press()
    wait_for(lambda: os.path.exists(os.path.join(folder, "Dockerfile")), "saved Dockerfile")
    wait_for(lambda: program.field("Folder", within=dialog.node).text() == folder, "its folder in the dialog")
    program.button("Cancel", within=dialog.node).press()


def remembers(world, folder):
    world.set_display(1920, 1080)
    program = world.launch(theme="dark")
    program.section("Images")
    program.find("page tab", "Builds").click()
    builds = program.table("Builds")
    wait_for(lambda: [row["State"] for row in builds.rows()] == ["Cancelled", "Failed", "Built"], "past builds")
    builds.select_row("me/train:1")
    world.screenshot("build-history-dark")
    program.button("Build again").press()
    wait_for(lambda: "waiting" in program.field("Log of the step").text(), "running step", patience=60)
    world.screenshot("build-running-dark")
    program.button("Cancel").press()
    wait_for(lambda: builds.rows()[0]["State"] == "Cancelled", "cancelled build", patience=60)
    dialog = open_dialog(program)
    program.field("Folder", within=dialog.node).set_text(folder)
    program.find("label", re.compile("^700 MiB in |^\\d+ B in "), within=dialog.node)
    program.button("More", within=dialog.node).press()
    program.button("Add label", within=dialog.node).press()
    world.screenshot("build-dialog-dark")
    driver.keys("Escape")


def scenario(world):
    folder = make_context(world)
    program = world.launch()
    program.section("Images")
    fill_in(world, program, folder)
    succeeds(world, program)
    runs_it(program)
    fails(world, program, folder)
    is_cancelled(world, program, folder)
    generates(world, program)
    program.close()
    remembers(world, folder)


if __name__ == "__main__":
    driver.run(scenario)
