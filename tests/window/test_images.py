"""The Images page: who needs an image, what is in one and how much of it is its own, saving it into a file, removing it
and loading it again. Pictures of the page in light and dark."""

import json
import os
import re

import driver
from driver import expect, keys, wait_for

TRAINED = "registry.example.org/team/pytorch-training"
LAYER_COLUMNS = ["Layer", "Size", "Share", "Shared with", "Command"]
CHANGES = ["ENV CUDA_VERSION=12.4.1", "ENV PYTORCH_VERSION=2.4.0a0", "ENV NCCL_VERSION=2.21.5",
           'ENV NVIDIA_REQUIRE_CUDA="cuda>=12.4 brand=tesla,driver>=470,driver<471 brand=tesla,driver>=535,driver<536"',
           "WORKDIR /workspace", "EXPOSE 8888", "LABEL org.opencontainers.image.ref.name=ubuntu",
           "LABEL org.opencontainers.image.version=22.04", 'CMD ["python3", "train.py"]']


def populate(daemon):
    """A base, two images made on it, an old version that has lost its name; a container and a saved configuration."""
    daemon.docker("run", "--network=none", "--name", "maker", "bb:1", "sh", "-c", "dd if=/dev/urandom of=/packages bs=1M count=30")
    options = [word for change in CHANGES for word in ("-c", change)]
    daemon.docker("commit", "maker", TRAINED + ":24.05-py3")
    daemon.docker("commit", *options, "maker", TRAINED + ":24.05-py3")
    daemon.docker("tag", TRAINED + ":24.05-py3", "pt:latest")
    daemon.docker("rm", "maker")
    daemon.docker("run", "--network=none", "--name", "second", TRAINED + ":24.05-py3", "sh", "-c", "dd if=/dev/urandom of=/more bs=1M count=5")
    daemon.docker("commit", "second", "vit-finetune:3")
    folder = os.path.join(os.environ["XDG_CONFIG_HOME"], "slipway", "runs")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "nightly.json"), "w") as file:
        json.dump({"slipway": 1, "image": TRAINED + ":24.05-py3"}, file)


def open_images(program):
    program.section("Images")
    table = program.table("Images")
    wait_for(lambda: len(table.rows()) >= 4, "rows of Images")
    return table


def details(world, program, table, picture):
    expect(table.cell(TRAINED, "Used by") == "second, nightly (saved)", f"used by {table.cell(TRAINED, 'Used by')}")
    expect([row for row in table.rows() if row["Repository"] == "(untagged)"], "no row says that it is untagged")
    table.select_row(TRAINED)
    text = program.find(["label", "text", "document text", "document web"], "Image details")
    wait_for(lambda: "its own" in text.text() and "vit-finetune:3" in text.text(), "sizes in the details")
    for words in ("pt:latest", "nightly", "second", "PyTorch", "2.4.0a0", "550 or newer (CUDA 12.4)", "Ubuntu", "/workspace", "8888/tcp"):
        expect(words in text.text(), f"the details do not say {words!r}:\n{text.text()}")
    layers = program.table("Layers")
    expect(layers.columns() == LAYER_COLUMNS, f"columns of Layers: {layers.columns()}")
    rows = wait_for(layers.rows, "layers")
    expect(rows[0]["Size"] == "30 MiB" and "dd if=/dev/urandom" in rows[0]["Command"], f"the biggest layer is not first: {rows[0]}")
    expect("vit-finetune:3" in rows[0]["Shared with"], f"shared with {rows[0]['Shared with']}")
    program.button("Check for a newer image").press()
    program.find("label", re.compile("did not come from a registry"))
    world.screenshot(picture)


def more(program, key):
    """An entry of the menu behind More, by its key: menus are not in the tree."""
    button = program.button("More")

    def opened():
        button.click()
        try:
            return wait_for(lambda: program.windows() >= 2, "menu of More", patience=2)
        except driver.Failed:
            return None
    wait_for(opened, "menu of More")
    keys(key)


def choose_file(program, title, path):
    dialog = program.dialog(title)
    field = wait_for(lambda: program.find_all("text", None, within=dialog.node), "field for the file's name")[-1]
    field.set_text(path)
    return dialog


def save_remove_load(world, program, table):
    path = os.path.join(world.folder, "vit.tar")
    table.select_row("vit-finetune")
    identity = world.daemon.docker("inspect", "-f", "{{.Id}}", "vit-finetune:3")
    more(program, "s")
    dialog = choose_file(program, "Save images", path)
    world.screenshot("images-save")
    program.button("Save", within=dialog.node).press()
    program.find("label", re.compile(r"^Saved vit-finetune:3 to "))
    expect(os.path.getsize(path) > 35 * 1024 * 1024, f"{path} has {os.path.getsize(path)} bytes")
    world.screenshot("images-saved")

    table.select_row("vit-finetune")
    program.button("Remove…").press()
    asked = program.dialog("Remove images")
    world.screenshot("images-remove")
    expect(not program.button("Remove vit-finetune:3", within=asked.node).has("FOCUSED"), "Enter would remove")
    program.button("Remove vit-finetune:3", within=asked.node).press()
    wait_for(lambda: table.cell("vit-finetune", "Tag") is None, "row that goes")

    more(program, "l")
    dialog = choose_file(program, "Load images", path)
    program.button("Open", within=dialog.node).press()
    program.find("label", re.compile(r"^Loaded vit-finetune:3\."))
    wait_for(lambda: table.cell("vit-finetune", "Tag") == "3", "row that comes back")
    expect(world.daemon.docker("inspect", "-f", "{{.Id}}", "vit-finetune:3") == identity, "another image was loaded")

    with open(path, "w") as file:
        file.write("no archive")
    more(program, "l")
    dialog = choose_file(program, "Load images", path)
    program.button("Open", within=dialog.node).press()
    program.find(None, re.compile("^Could not load vit.tar: it is not an archive of images"))
    world.screenshot("images-no-archive")
    program.button("Close").press()


def one_name_of_two(world, program, table):
    table.select_row("pt")
    program.button("Remove…").press()
    asked = program.dialog("Remove images")
    program.find("label", re.compile(f"stays as {TRAINED}:24.05-py3"), within=asked.node)
    program.button("Remove pt:latest", within=asked.node).press()
    wait_for(lambda: table.cell("pt", "Tag") is None, "name that goes")
    expect(world.daemon.docker("inspect", "-f", "{{.Id}}", TRAINED + ":24.05-py3"), "the image went with its second name")


def scenario(world):
    populate(world.daemon)
    for theme, size in [(theme, size) for size in ((1280, 800), (1920, 1080)) for theme in ("light", "dark")]:
        if world.size != size:
            world.set_display(*size)
        program = world.launch(theme=theme)
        if size != (1280, 800):
            program.fill_screen()
        table = open_images(program)
        world.screenshot(f"images-{theme}-{size[0]}-none")
        details(world, program, table, f"images-{theme}-{size[0]}")
        program.close()
    world.set_display(1280, 800)
    program = world.launch()
    table = open_images(program)
    save_remove_load(world, program, table)
    one_name_of_two(world, program, table)
    program.close()


driver.run(scenario)
