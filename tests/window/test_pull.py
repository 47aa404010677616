"""Pulling from a real registry through the window: which image, how far it is, what went wrong, and the image in the
table at the end. Pictures of the dialog and of the panel in light and dark."""

import os
import re
import subprocess
import sys

import driver
from driver import expect, wait_for

HERE = os.path.dirname(os.path.abspath(__file__))
IMAGE = "localhost:5000/team/bb:1"
SLOW = "localhost:5001/team/big:1"
TRANSFER_COLUMNS = ["Image", "What", "Progress", "Speed", "Left", "State"]


class Registry:
    """A docker-registry in the daemon's network, and a slow way to it."""

    def __init__(self, world):
        self.world = world
        self.network = f"/proc/{world.daemon.pid}/ns/net"
        folder = os.path.join(world.folder, "registry")
        os.makedirs(folder)
        config = os.path.join(folder, "config.yml")
        with open(config, "w") as file:
            file.write(f"version: 0.1\nhttp: {{addr: '127.0.0.1:5000'}}\nstorage: {{filesystem: {{rootdirectory: '{folder}'}}}}\n")
        world._start(["nsenter", "--net=" + self.network, "--", "docker-registry", "serve", config])

    def slow_proxy(self, rate):
        return self.world._start(["nsenter", "--net=" + self.network, "--", sys.executable,
                                  os.path.join(HERE, "..", "support", "slowproxy.py"), "5001", "5000", str(rate)])

    def fill(self):
        docker = self.world.daemon.docker
        docker("tag", "bb:1", IMAGE)
        wait_for(lambda: "digest:" in docker("push", IMAGE, check=False), "image in the registry")
        noise = os.path.join(self.world.folder, "noise")
        below = "bb:1"
        for i in range(3):
            with open(noise, "wb") as file:
                file.write(os.urandom(6 << 20))
            docker("create", "--name", "layer", below)
            docker("cp", noise, f"layer:/noise{i}")
            docker("commit", "layer", "localhost:5000/team/big:1")
            docker("rm", "layer")
            below = "localhost:5000/team/big:1"
        docker("push", "localhost:5000/team/big:1")
        docker("rmi", IMAGE, "localhost:5000/team/big:1")


def ask(program, reference):
    """Pull… from the tool bar, with that name typed; the dialog."""
    program.button("Pull…").press()
    dialog = program.dialog("Pull image")
    program.field("Image", within=dialog.node).set_text(reference)
    return dialog


def answer(program, dialog, button):
    """Presses it, and waits until the dialog is gone: the next one has the same name."""
    program.button(button, within=dialog.node).press()
    wait_for(lambda: not program.find_all(["dialog", "frame", "window"], "Pull image"), "closed dialog")


def image_here(program, repository):
    return any(row["Repository"] == repository for row in program.table("Images").rows())


def look_at_dialog(world, program, theme):
    dialog = ask(program, "Not An Image")
    expect(not program.button("Pull", within=dialog.node).has("ENABLED"), "what is no name can be pulled")
    program.field("Image", within=dialog.node).set_text("")
    known = program.table("Well-known images", within=dialog.node)
    program.field("Find", within=dialog.node).set_text("pytorch 24.05")
    wait_for(lambda: len(known.rows()) == 1, "one well-known image")
    known.select_row("nvcr.io/nvidia/pytorch:24.05-py3")
    field = program.field("Image", within=dialog.node)
    wait_for(lambda: field.text() == "nvcr.io/nvidia/pytorch:24.05-py3", "name of the well-known image")
    program.field("Find", within=dialog.node).set_text("")
    world.screenshot(f"{theme}-pull-dialog")
    answer(program, dialog, "Cancel")


def pull(world, program):
    expect(not image_here(program, "localhost:5000/team/bb"), "the image is here before it is pulled")
    dialog = ask(program, IMAGE)
    answer(program, dialog, "Pull")
    transfers = program.table("Transfers")
    expect(transfers.columns() == TRANSFER_COLUMNS, f"columns of Transfers: {transfers.columns()}")
    wait_for(lambda: transfers.cell(IMAGE, "State") == "Done", "finished pull")
    wait_for(lambda: image_here(program, "localhost:5000/team/bb"), "image in the table")
    program.button("Run…")


def pull_what_is_missing(world, program, theme):
    dialog = ask(program, "localhost:5000/team/bb:nope")
    answer(program, dialog, "Pull")
    transfers = program.table("Transfers")
    wait_for(lambda: transfers.cell("localhost:5000/team/bb:nope", "State") == "Failed", "failed pull")
    program.find("label", re.compile("the registry has no image localhost:5000/team/bb:nope"))
    world.screenshot(f"{theme}-pull-failed")
    panel = program.find(["filler", "panel"], "Transfers")
    program.button("Remove from list", within=panel.node).press()
    wait_for(lambda: transfers.cell("localhost:5000/team/bb:nope", "State") is None, "shorter list")


def pull_slowly(world, program, registry, theme):
    proxy = registry.slow_proxy(600_000)
    dialog = ask(program, SLOW)
    answer(program, dialog, "Pull")
    transfers = program.table("Transfers")
    wait_for(lambda: transfers.cell(SLOW, "State") == "Downloading", "download")
    wait_for(lambda: "/s" in transfers.cell(SLOW, "Speed"), "speed")
    wait_for(lambda: re.search(r"\d (s|min)", transfers.cell(SLOW, "Left")), "time left")
    layers = program.table("Layers")
    wait_for(lambda: any(row["State"].startswith("Downloading ") for row in layers.rows()), "layer that comes")
    item = program.find("list item", "Images", within=program.find("list", "Sections").node)
    wait_for(lambda: "1 transfer running" in item.node.get_description(), "running transfer beside Images")
    world.screenshot(f"{theme}-pull-running")
    # Quitting asks.
    driver.keys("alt+F4")
    box = program.dialog("Quit")
    world.screenshot(f"{theme}-pull-quit")
    program.button("Cancel", within=box.node).press()
    panel = program.find(["filler", "panel"], "Transfers")
    program.button("Cancel", within=panel.node).press()
    wait_for(lambda: transfers.cell(SLOW, "State") == "Cancelled", "cancelled pull")
    proxy.kill()
    proxy.wait()


def scenario(world):
    registry = Registry(world)
    registry.fill()
    for theme in ("light", "dark"):
        program = world.launch(theme=theme)
        program.section("Images")
        wait_for(lambda: image_here(program, "bb"), "images")
        look_at_dialog(world, program, theme)
        if theme == "light":
            pull(world, program)
            pull_what_is_missing(world, program, theme)
        pull_slowly(world, program, registry, theme)
        program.close()


driver.run(scenario)
