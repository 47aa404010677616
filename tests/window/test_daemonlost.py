"""The daemon goes: the table stays, grey, under a bar that says so. It comes back: all is live again without a click."""

import re

import driver
from driver import expect, wait_for

BAR = re.compile("^Could not reach Docker")


def scenario(world):
    world.daemon.run("ended", "sh", "-c", "echo one; exit 3")
    world.daemon.docker("wait", "ended")
    world.daemon.run("running", "sh", "-c", "while true; do echo tick; sleep 1; done", options=["--restart=always"])
    program = world.launch()
    table = program.table("Containers")
    wait_for(lambda: len(table.rows()) == 2, "two rows")
    table.select_row("running")
    wait_for(lambda: "tick" in program.console("running").text(), "log of running")
    expect(not program.find_all(None, BAR), "there is a bar although Docker answers")

    for end in (world.daemon.stop, world.daemon.kill):
        end()
        program.find(None, BAR)
        world.screenshot(f"daemonlost-{end.__name__}")
        expect(len(table.rows()) == 2, "rows went with the daemon")
        expect(not program.find("push button", "Stop").has("ENABLED"), "Stop can be pressed although nobody would hear it")
        program.section("Images")
        program.find(None, BAR)
        program.section("Containers")
        world.daemon.start()
        wait_for(lambda: not program.find_all(None, BAR), "end of the bar")
        wait_for(lambda: (table.cell("running", "State") or "").startswith("Running"), "running row")
        # Live by events again: what another program does is seen.
        world.daemon.docker("pause", "running")
        wait_for(lambda: (table.cell("running", "State") or "").startswith("Paused"), "paused row")
        world.daemon.docker("unpause", "running")
        wait_for(lambda: (table.cell("running", "State") or "").startswith("Running"), "running row again")
        before = program.console("running").text().count("tick")
        wait_for(lambda: program.console("running").text().count("tick") > before, "more of the log")


driver.run(scenario)
