"""Every page in light and dark at two sizes: pictures to look at, and the accessible names that are a contract."""

import re

import driver
from driver import Failed, expect, keys, wait_for

CONTAINER_COLUMNS = ["Name", "Image", "State", "GPUs", "CPU", "Memory", "GPU memory", "Ports", "Created"]
IMAGE_COLUMNS = ["Repository", "Tag", "ID", "Size", "Created", "Used by"]
CLEANUP_COLUMNS = ["Name", "Size", "Age", "Last use", "Why"]
STEPS = ["Image", "GPUs", "Code", "Mounts", "Command", "Resources", "Review"]
STATES = {
    "vit-large-finetune": r"^Running ",
    "resnet-baseline": r"^Paused",
    "ablation-17": r"^Finished$",
    "bad-learning-rate": r"^Failed \(exit 3\)$",
    "stopped-by-hand": r"^Stopped by signal 15$",
    "not-started": r"^Created$",
}
BAR = ("printf '\\033[32mloading\\033[0m data from /workspace\\n\\033[33mwarning:\\033[0m 4 workers for 2 CPUs\\n' >&2; "
       "for e in 1 2 3; do echo \"epoch $e/20 loss=0.6$e acc=0.7$e\"; done; "
       "while true; do for i in 1 2 3 4 5 6 7 8 9; do printf '\\repoch 4/20:  %d0%%|%.*s%.*s| %d0/100 [00:0%d<00:09, 9.8it/s, loss=0.58]' "
       "$i $i '##########' $((10-i)) '          ' $i $i; sleep 0.5; done; done")


def populate(world):
    daemon = world.daemon
    daemon.docker("tag", "bb:1", "registry.example.org/team/pytorch-training:24.05-py3")
    daemon.docker("run", "-d", "--network=host", "--gpus=device=0", "--name", "vit-large-finetune",
                  "-v", "/data", "registry.example.org/team/pytorch-training:24.05-py3", "sh", "-c", BAR)
    daemon.run("resnet-baseline", "sleep", "1000", options=["--gpus=all"])
    daemon.docker("pause", "resnet-baseline")
    daemon.run("ablation-17", "true")
    daemon.run("bad-learning-rate", "sh", "-c", "echo loss=nan; exit 3")
    daemon.run("stopped-by-hand", "sh", "-c", "trap 'exit 143' TERM; while true; do sleep 0.1; done")
    wait_for(lambda: daemon.docker("inspect", "-f", "{{.State.Running}}", "stopped-by-hand") == "true", "running container")
    daemon.docker("stop", "stopped-by-hand")
    daemon.docker("create", "--name", "not-started", "bb:1", "no-such-program")


class Pictures:
    """Screenshots of one program on one display, numbered in the order a person would see them."""

    def __init__(self, world, theme):
        self.world = world
        self.prefix = f"{theme}-{world.size[0]}"

    def take(self, name):
        self.world.screenshot(f"{self.prefix}-{name}")


def open_menu(program, table, row):
    """The row's context menu. A second click at one place may come so soon that it is a double click, which opens none."""
    def opened():
        table.select_row(row, button=3)
        try:
            return wait_for(lambda: program.windows() == 2, "context menu", patience=2)
        except Failed:
            return False
    wait_for(opened, f"context menu of {row}")


def containers(program, pictures):
    table = program.table("Containers")
    wait_for(lambda: len(table.rows()) == len(STATES), "all rows")
    expect(table.columns() == CONTAINER_COLUMNS, f"columns of Containers: {table.columns()}")
    for name, state in STATES.items():
        wait_for(lambda: re.search(state, table.cell(name, "State") or ""), f"{state} for {name}")
    wait_for(lambda: table.cell("vit-large-finetune", "GPUs") == "0", "GPU of vit-large-finetune")
    wait_for(lambda: "MiB" in table.cell("vit-large-finetune", "Memory") or "KiB" in table.cell("vit-large-finetune", "Memory"), "memory figure")
    pictures.take("containers")
    table.select_row("vit-large-finetune")
    console = program.console("vit-large-finetune")
    wait_for(lambda: "epoch 4/20:" in console.text(), "bar in the log")
    for name in ("Follow", "Copy", "Save…", "Tear off", "Start", "Stop", "Restart", "Remove…"):
        program.button(name)
    pictures.take("containers-log")
    program.find("page tab", "Inspect").click()
    wait_for(lambda: '"Id"' in program.field("Inspect").text(), "inspect text")
    pictures.take("containers-inspect")
    program.find("page tab", "Log").click()
    # Qt shows pop-up menus to assistive programs by events only: here the picture and what the menu's keys do.
    open_menu(program, table, "vit-large-finetune")
    pictures.take("containers-menu")
    keys("p")
    wait_for(lambda: table.cell("vit-large-finetune", "State").startswith("Paused"), "Paused by the context menu")
    open_menu(program, table, "vit-large-finetune")
    keys("u")
    wait_for(lambda: table.cell("vit-large-finetune", "State").startswith("Running"), "Running by the context menu")


def dialogs(program, pictures):
    table = program.table("Containers")
    program.button("Remove…").press()
    dialog = program.dialog("Remove containers")
    button = program.button("Remove vit-large-finetune", within=dialog.node)
    expect(not button.has("FOCUSED"), "Enter would remove")
    pictures.take("remove-dialog")
    program.button("Cancel", within=dialog.node).press()
    table.select_row("not-started")
    program.button("Start").press()
    program.find(None, re.compile("^Could not start not-started"))
    pictures.take("containers-error")
    program.button("Details").press()
    program.find("text", "Docker's own words")
    pictures.take("containers-error-details")
    program.button("Close").press()
    field = program.field("Filter")
    field.set_text("no such thing")
    wait_for(lambda: table.rows() == [], "filtered table")
    pictures.take("containers-filtered")
    field.set_text("resnet")
    wait_for(lambda: [row["Name"] for row in table.rows()] == ["resnet-baseline"], "one row by filter")
    field.set_text("")


def images(program, pictures):
    program.section("Images")
    table = program.table("Images")
    wait_for(lambda: len(table.rows()) >= 2, "rows of Images")
    expect(table.columns() == IMAGE_COLUMNS, f"columns of Images: {table.columns()}")
    table.select_row("bb")
    for name in ("Run…", "Remove…", "More"):
        expect(program.button(name).has("ENABLED"), f"{name} cannot be pressed for an image")
    wait_for(lambda: program.table("Layers").rows(), "details of the image")
    pictures.take("images")
    for tab in ("Transfers", "Builds"):
        program.find("page tab", tab).click()
        program.table(tab)
        pictures.take(f"images-{tab}")
    program.find("page tab", "Details").click()
    program.section("Containers")


def cleanup(program, pictures):
    program.section("Clean up")
    tree = program.find(["tree", "tree table", "table"], "Clean up")
    wait_for(lambda: tree.cell("not-started", "Why") == "never started", "what can go")
    expect(tree.columns() == CLEANUP_COLUMNS, f"columns of Clean up: {tree.columns()}")
    pictures.take("cleanup")
    program.button("docker container prune").press()
    program.find("push button", re.compile("^Remove 4 items")).press()
    dialog = program.dialog("Clean up")
    expect(not program.find("push button", re.compile("^Remove 4 items"), within=dialog.node).has("FOCUSED"), "Enter would remove")
    pictures.take("cleanup-confirm")
    program.button("Cancel", within=dialog.node).press()
    program.button("Untick all").press()
    program.section("Containers")


def wizard(program, pictures):
    dialog = program.new_run()
    for name in ("Back", "Next", "Launch", "Cancel"):
        program.button(name, within=dialog.node)
    steps = program.find("list", "Steps", within=dialog.node)
    expect([w.name for w in program.find_all("list item", None, within=steps.node)] == STEPS, "the wizard's steps are others")
    pictures.take("wizard-0-empty")
    program.button("Sample training", within=dialog.node).press()
    for number, step in enumerate(STEPS, 1):
        program.step(dialog, step)
        if step == "Mounts":
            program.button("Add mount", within=dialog.node).press()
            program.field("Host folder", within=dialog.node).set_text("/no/such/folder")
            program.field("Container path", within=dialog.node).set_text("/workspace")
            program.find("label", re.compile("/no/such/folder|does not exist"), within=dialog.node)
        if step == "Code":
            program.button("Code that lies in the image or a mounted folder", within=dialog.node).check()
            program.field("Folder", within=dialog.node).set_text("/workspace/training_repo")
        if step == "Command":
            program.button("Add variable", within=dialog.node).press()
            program.field("Variable", within=dialog.node).set_text("PYTHONPATH")
        pictures.take(f"wizard-{number}-{step}")
    program.button("Cancel", within=dialog.node).press()


def scenario(world):
    looks = [(theme, size) for size in ((1280, 800), (1920, 1080)) for theme in ("light", "dark")]
    for theme, size in looks[:2]:
        empty = world.launch(theme=theme)
        program_names(empty, world)
        Pictures(world, theme).take("empty")
        empty.close()
    populate(world)
    for theme, size in looks:
        if world.size != size:
            world.set_display(*size)
        program = world.launch(theme=theme)
        if size != looks[0][1]:
            program.fill_screen()
        pictures = Pictures(world, theme)
        for part in (containers, dialogs, images, cleanup, wizard):
            part(program, pictures)
        program.close()
    for theme, size in looks[:2]:
        world.set_display(*size)
        program = world.launch(theme=theme)
        wait_for(lambda: len(program.table("Containers").rows()) == len(STATES), "all rows")
        world.daemon.stop()
        program.find(None, re.compile("^Could not reach Docker"))
        Pictures(world, theme).take("daemon-lost")
        program.close()
        lost = world.launch(theme=theme)
        lost.find(None, re.compile("^Could not reach Docker"))
        Pictures(world, theme).take("daemon-never-there")
        lost.close()
        world.daemon.start()


def program_names(program, world):
    expect(program.find(["frame", "window"], re.compile("^Slipway — ")), "no main window")
    sections = program.find("list", "Sections")
    names = [w.name for w in program.find_all("list item", None, within=sections.node)]
    expect(names == ["Containers", "Images", "GPUs", "Runs", "Clean up"], f"Sections are {names}")
    program.field("Filter")
    table = program.table("Containers")
    expect(table.rows() == [], "rows from nowhere")
    program.button("New run…")


driver.run(scenario)
