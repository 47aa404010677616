"""The main job: launch the sample training by clicking, watch its bar move, see it finish, remove it."""

import re

import driver
from driver import expect, wait_for

NAME = "Name"


def scenario(world):
    program = world.launch()
    table = program.table("Containers")
    expect(table.rows() == [], "the table of a fresh daemon is not empty")

    wizard = program.new_run()
    program.button("Sample training", within=wizard.node).press()
    program.step(wizard, "Resources")
    name = wait_for(lambda: program.field("Name", within=wizard.node).text(), "name for the sample")
    # Shorter than the sample's own minute, by the same fields a person would use.
    program.step(wizard, "Command")
    command = program.field("Command", within=wizard.node)
    words = wait_for(command.text, "command of the sample")
    command.set_text(f"{re.sub(r' --(epochs|steps) [0-9]+', '', words)} --epochs 3 --steps 60")
    program.button("Launch", within=wizard.node).press()

    wait_for(lambda: table.cell(name, "State"), f"row {name}", patience=60)
    console = program.console(name)

    bars = set()

    def watched():
        text = console.text()
        bars.update(re.findall(r"(\d+)%\|", text))
        return "epoch 3/3 loss" in text

    wait_for(lambda: table.cell(name, "State").startswith("Running") or watched(), f"Running in the row of {name}")
    world.screenshot("mainjob-running")
    wait_for(watched, "line of the last epoch", patience=60)
    expect(len(bars) >= 5, f"the bar was seen at {sorted(bars)} % only: it does not move")
    epochs = re.findall(r"^epoch (\d)/3 loss=\d", console.text(), re.MULTILINE)
    expect(epochs == ["1", "2", "3"], f"the epochs' lines are {epochs}:\n{console.text()}")

    wait_for(lambda: table.cell(name, "State") == "Finished", f"Finished in the row of {name}")
    wait_for(lambda: "Finished" in console.text().splitlines()[-1], "end marker of the log")
    world.screenshot("mainjob-finished")

    table.select_row(name)
    program.button("Remove…").press()
    dialog = program.dialog("Remove containers")
    program.find("label", re.compile(re.escape(name)), within=dialog.node)
    program.button(f"Remove {name}", within=dialog.node).press()
    wait_for(lambda: table.rows() == [], f"table without {name}")
    expect(world.daemon.docker("ps", "-aq") == "", "the container is still there")


driver.run(scenario)
