"""What is kept of runs: saved under a name, found again under Runs, run again, compared, launched in two clicks, removed
and brought back. Pictures of the page in light and dark."""

import os
import re

import driver
from driver import expect, wait_for

SAVED = "nightly sample"
SAVED_COLUMNS = ["Name", "Image", "GPUs", "Command", "Changed"]
RUN_COLUMNS = ["Name", "Image", "State", "GPUs", "Started", "Duration", "Origin"]


def fill_in(program):
    """The sample, but ending when a file in its folder says so; the wizard and the container's name."""
    wizard = program.new_run()
    program.button("Sample training", within=wizard.node).press()
    program.step(wizard, "Resources")
    name = wait_for(lambda: program.field("Name", within=wizard.node).text(), "name for the sample")
    program.step(wizard, "Command")
    command = program.field("Command", within=wizard.node)
    words = wait_for(command.text, "command of the sample")
    command.set_text(f"{re.sub(r' --(epochs|steps) [0-9]+', '', words)} --epochs 1 --steps 60")
    program.step(wizard, "Review")
    return wizard, name


def save(world, program, wizard, name):
    program.button("Save…", within=wizard.node).press()
    dialog = program.dialog("Save configuration")
    field = program.field("Name", within=dialog.node)
    expect(field.text() == name, f"{field.text()!r} is suggested as a name, not {name!r}")
    field.set_text("")
    expect(not program.button("Save", within=dialog.node).has("ENABLED"), "nothing can be saved under no name")
    field.set_text(SAVED)
    world.screenshot("runs-save")
    program.button("Save", within=dialog.node).press()
    path = os.path.join(os.environ["XDG_CONFIG_HOME"], "slipway", "runs", SAVED + ".json")
    wait_for(lambda: os.path.exists(path), f"file {path}")
    return path


def image_of(world, container):
    return world.daemon.docker("inspect", "-f", "{{.Image}}", container)


def count_beside(program, number):
    item = program.find("list item", "Runs", within=program.find("list", "Sections").node)
    wait_for(lambda: item.node.get_description() == f"{number}", f"{number} beside Runs")


def run_again(world, program, runs, name):
    runs.select_row(name)
    program.button("Run again").press()
    again = f"{name}-2"
    containers = program.table("Containers") # a launch shows its container
    wait_for(lambda: containers.cell(again, "State"), f"container {again}")
    expect(image_of(world, again) == image_of(world, name), "it runs another image")
    program.section("Runs")
    runs = program.table("Runs")
    wait_for(lambda: runs.cell(again, "Origin") == "Run again", f"row {again} in Runs")
    return again


def compare(world, program, runs, older, newer):
    runs.select_row(older)
    expect(not program.button("Compare").has("ENABLED"), "one run can be compared")
    driver.keys("ctrl+a")
    wait_for(lambda: len(runs.selected()) == 2, "two selected runs")
    program.button("Compare").press()
    dialog = program.dialog(re.compile("^Compare "))
    table = program.table("Differences", within=dialog.node)
    wait_for(lambda: [row["What differs"] for row in table.rows()] == ["Container name"], "the differences")
    expect(list(table.rows()[0].values()) == ["Container name", older, newer], f"it says {table.rows()}")
    world.screenshot("runs-compare")
    program.button("Close", within=dialog.node).press()


def launch_saved(program, saved):
    """Two clicks: the row and the button."""
    saved.select_row(SAVED)
    expect(program.table("Runs").selected() == [], "two selections on one page")
    program.button("Launch").press()
    containers = program.table("Containers")
    name = wait_for(lambda: next((row["Name"] for row in containers.rows() if row["Name"].endswith("-3")), None), "third container")
    wait_for(lambda: containers.cell(name, "State") == "Finished", f"end of {name}")
    program.section("Runs")
    wait_for(lambda: program.table("Runs").cell(SAVED, "State") == "Finished", "the run under its configuration's name")


def remove_and_undo(program, saved, path):
    saved.select_row(SAVED)
    with open(path, "rb") as before:
        said = before.read()
    driver.keys("Delete")
    program.find(None, re.compile(f"^{SAVED} is no longer kept"))
    wait_for(lambda: saved.rows() == [] and not os.path.exists(path), "a removed configuration")
    program.button("Undo").press()
    wait_for(lambda: [row["Name"] for row in saved.rows()] == [SAVED], f"{SAVED} back")
    with open(path, "rb") as after:
        expect(after.read() == said, "it came back as another")


def broken(world, program, saved):
    """Somebody's editor spoils a file: the page says what is wrong with it and in which line, and leaves it alone."""
    path = os.path.join(os.environ["XDG_CONFIG_HOME"], "slipway", "runs", "by hand.json")
    with open(path, "w", encoding="utf-8") as file:
        file.write('{\n    "slipway": 1,\n    "image": 5\n}\n')
    wait_for(lambda: saved.cell("by hand", "Image") == "Cannot be read", "row of a broken file")
    saved.select_row("by hand")
    program.find("label", re.compile("by hand.*line 3|line 3.*"))
    expect(not program.button("Launch").has("ENABLED"), "a broken file can be launched")
    world.screenshot("runs-broken")


def pictures(world):
    for theme in ("light", "dark"):
        program = world.launch(theme=theme)
        program.section("Runs")
        runs = program.table("Runs")
        wait_for(lambda: len(runs.rows()) == 3, "three runs")
        world.screenshot(f"{theme}-1280-runs")
        runs.select_row(SAVED)
        program.find("text", "docker run line")
        world.screenshot(f"{theme}-1280-runs-selected")
        program.field("Filter").set_text("no such thing")
        wait_for(lambda: runs.rows() == [], "filtered table")
        world.screenshot(f"{theme}-1280-runs-filtered")
        program.close()


def scenario(world):
    program = world.launch()
    program.section("Runs")
    expect(program.table("Saved configurations").columns() == SAVED_COLUMNS, "columns of the saved configurations")
    expect(program.table("Runs").columns() == RUN_COLUMNS, "columns of the runs")
    world.screenshot("light-1280-runs-empty")

    wizard, name = fill_in(program)
    path = save(world, program, wizard, name)
    program.button("Launch", within=wizard.node).press()
    containers = program.table("Containers")
    wait_for(lambda: containers.cell(name, "State"), f"row {name}", patience=60)

    program.section("Runs")
    saved, runs = program.table("Saved configurations"), program.table("Runs")
    wait_for(lambda: [row["Name"] for row in saved.rows()] == [SAVED], f"{SAVED} among the saved")
    wait_for(lambda: re.match("Running|Finished", runs.cell(name, "State") or ""), f"{name} in Runs")  # it may be quick
    wait_for(lambda: runs.cell(name, "State") == "Finished", f"end of {name}", patience=60)
    expect(re.match(r"\d+ s$", runs.cell(name, "Duration")), f"it took {runs.cell(name, 'Duration')!r}")
    count_beside(program, 1)

    again = run_again(world, program, runs, name)
    wait_for(lambda: runs.cell(again, "State") == "Finished", f"end of {again}", patience=60)
    count_beside(program, 2)
    compare(world, program, runs, name, again)
    launch_saved(program, saved)
    remove_and_undo(program, saved, path)
    broken(world, program, saved)
    program.close()
    pictures(world)


driver.run(scenario)
