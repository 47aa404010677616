"""A progress bar that a container redraws with carriage returns moves in its console within 0.3 s of being printed."""

import re
import time

import driver
from driver import expect, wait_for

# Each state of the bar says when it was printed, by the kernel's clock since boot, which is the same inside and here.
SECONDS = 6
SCRIPT = ("i=0; while [ $i -lt %d ]; do i=$((i+1)); read up rest < /proc/uptime; "
          "printf '\\r%%3d%%%%|#####     | %%d/%d [at %%s]' $((i*100/%d)) $i $up; sleep 0.1; done; echo; echo done" % ((SECONDS * 10,) * 3))
LIMIT = 0.3
SHARE = 0.9 # of the states seen: a machine that compiles beside this may swallow one


def watch(console):
    """How late each state of the bar was first seen, in seconds, and how many lines there were."""
    late = []
    last = ""
    most_lines = 0
    while "done" not in last:
        text = console.text()
        now = time.clock_gettime(time.CLOCK_BOOTTIME)
        if text != last:
            last = text
            stamps = re.findall(r"\[at ([0-9.]+)\]", text)
            most_lines = max(most_lines, len(stamps))
            if stamps and "done" not in text:
                late.append(now - float(stamps[-1]))
        time.sleep(0.01)
    return late, most_lines


def judge(what, late, lines):
    late.sort()
    expect(len(late) >= SECONDS * 2, f"{what}: the bar was seen in {len(late)} states only")
    expect(lines == 1, f"{what}: the bar is {lines} lines")
    at_share = late[int(len(late) * SHARE) - 1]
    print(f"{what}: {len(late)} states, late by {late[len(late) // 2] * 1000:.0f} ms in the middle, {at_share * 1000:.0f} ms at 90 %, {late[-1] * 1000:.0f} ms at most")
    expect(at_share < LIMIT, f"{what}: the bar was late by {at_share:.2f} s")


def scenario(world):
    program = world.launch()
    table = program.table("Containers")

    # Of a container that somebody else started before it was looked at (logs and attach).
    world.daemon.run("theirs", "sh", "-c", "sleep 3; " + SCRIPT)
    table.select_row("theirs")
    console = program.console("theirs")
    wait_for(lambda: "[at" in console.text(), "bar of theirs")
    judge("theirs", *watch(console))

    # Of one's own launch (attach from the first byte).
    wizard = program.new_run()
    program.field("Image", within=wizard.node).set_text("bb:1")
    program.step(wizard, "Command")
    program.button("Shell script").check()
    program.field("Shell script", within=wizard.node).set_text("sleep 2; " + SCRIPT)
    program.field("Shell", within=wizard.node).set_text("sh")
    program.step(wizard, "Resources")
    program.field("Name", within=wizard.node).set_text("mine")
    program.combo("Network").choose("None")
    program.button("Launch", within=wizard.node).press()
    console = program.console("mine")
    wait_for(lambda: "[at" in console.text(), "bar of mine")
    judge("mine", *watch(console))


driver.run(scenario)
