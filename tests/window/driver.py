"""Drives the built Slipway from outside, as a screen reader and a pair of hands would.

run(scenario) makes a world of its own (folder, bus, display, window manager, Docker daemon), calls scenario(world) and
ends it all. Widgets are found by role and accessible name (DESIGN.md section 4), always with a deadline: nothing here
sleeps and hopes. Run a test by hand:

    SLIPWAY_PROGRAM=build/sanitize/ui/slipway SLIPWAY_PRIVATE_DAEMON=build/sanitize/tests/window/slipway-private-daemon \
        /usr/bin/python3 tests/window/test_mainjob.py
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

SKIPPED = 77
# A sanitizer build on a machine that compiles something else is slow.
PATIENCE = float(os.environ.get("SLIPWAY_PATIENCE", "20"))
POLL = 0.03
NEEDED = ["Xvfb", "openbox", "xdotool", "import", "dbus-run-session", "docker"]
LAUNCHER = "/usr/libexec/at-spi-bus-launcher"


class Failed(AssertionError):
    """What a person would say went wrong."""


def expect(truth, what):
    if not truth:
        raise Failed(what)


def wait_for(question, what, patience=PATIENCE):
    """The first true answer of question(); Failed when there is none in time. A widget that went away is no answer."""
    deadline = time.monotonic() + patience
    answer = None
    while True:
        try:
            answer = question()
        except (GLib_Error, TypeError): # TypeError: an interface that is gone
            answer = None
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise Failed(f"within {patience:.0f} s there was no {what} (last: {answer!r})")
        time.sleep(POLL)


# ---- the world


def run(scenario):
    """Runs scenario(world) in a world of its own and exits: 0, 1 or 77."""
    skip_without_means()
    if "SLIPWAY_WORLD" not in os.environ:
        sys.exit(_run_on_own_bus())
    _import_atspi()
    code = 1
    with World() as world:
        try:
            scenario(world)
            world.close_programs()
            code = 0
        except Exception:  # whatever it is, say it and leave a picture
            traceback.print_exc()
            world.tell_state()
    sys.exit(code)


def skip_without_means():
    reason = ""
    if os.geteuid() != 0:
        reason = "a private Docker daemon needs root"
    missing = [name for name in NEEDED if not shutil.which(name)]
    if not os.access(LAUNCHER, os.X_OK):
        missing.append("at-spi2-core")
    if missing:
        reason = "missing here: " + ", ".join(missing)
    try:
        import pyatspi  # noqa: F401
    except ImportError:
        reason = "there is no pyatspi for " + sys.executable
    except Exception:  # no bus yet: it is there
        pass
    if reason:
        print("skipped:", reason)
        sys.exit(SKIPPED)


def _run_on_own_bus():
    """The same program again, with a session bus, a home and a run-time folder that are nobody's."""
    folder = tempfile.mkdtemp(prefix="slipway-window-")
    environment = {key: value for key, value in os.environ.items()
                   if not key.startswith(("XDG_", "DBUS_", "AT_SPI", "DOCKER_", "GTK_", "QT_")) and key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment.update(SLIPWAY_WORLD=folder, HOME=folder, LANG="C.UTF-8", NO_AT_BRIDGE="0")
    for key in ("CONFIG_HOME", "DATA_HOME", "CACHE_HOME", "STATE_HOME", "RUNTIME_DIR"):
        path = os.path.join(folder, key.lower())
        os.mkdir(path, 0o700)
        environment["XDG_" + key] = path
    try:
        return subprocess.run(["dbus-run-session", "--", sys.executable, *sys.argv], env=environment).returncode
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _import_atspi():
    global pyatspi, Atspi, GLib_Error
    import pyatspi as module
    from gi.repository import Atspi as bindings
    from gi.repository import GLib
    pyatspi, Atspi, GLib_Error = module, bindings, GLib.Error


GLib_Error = OSError  # until there are bindings


class World:
    """Display, window manager, accessibility bus, Docker daemon, and the programs started on them."""

    def __init__(self):
        self.folder = os.environ["SLIPWAY_WORLD"]
        self.screenshots = os.environ.get("SLIPWAY_SCREENSHOTS", os.path.join(os.getcwd(), "screenshots"))
        os.makedirs(self.screenshots, exist_ok=True)
        self.processes = []
        self.programs = []
        self.xvfb = None
        self.display_helpers = []
        self.daemon = Daemon()

    def __enter__(self):
        try:
            self._start([LAUNCHER, "--launch-immediately"])
            self.daemon.start_first()
            self.set_display(1280, 800)
        except BaseException:
            with open(os.path.join(self.folder, "helpers"), errors="replace") as said:
                print(said.read())
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for program in self.programs:
            program.kill()
        self._end(self.display_helpers)
        self.daemon.end()
        self._end(self.processes)

    def set_display(self, width, height):
        """A fresh display of that size; the one before goes with all its windows."""
        for program in self.programs:
            program.kill()
        self._end(self.display_helpers)
        reading, writing = os.pipe()
        xvfb = self._start(["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
                           self.display_helpers, pass_fds=[writing])
        os.close(writing)
        with os.fdopen(reading) as answer:
            number = answer.readline().strip()
        expect(number, f"Xvfb did not start ({xvfb.poll()})")
        self.size = (width, height)
        os.environ["DISPLAY"] = ":" + number
        # So that no other program's keys are bound: only what a window needs to be moved, closed and focused.
        self._start(["openbox", "--sm-disable"], self.display_helpers)
        # Only a window manager says how many desktops there are.
        wait_for(lambda: subprocess.run(["xdotool", "get_num_desktops"], capture_output=True).returncode == 0, "window manager")

    def launch(self, *arguments, theme="light", trace=None):
        """Starts the built Slipway on the private daemon; the Program once its window is there."""
        program = Program(self, arguments, theme, trace)
        self.programs.append(program)
        program.wait_for_window()
        return program

    def close_programs(self):
        for program in self.programs:
            program.close()

    def screenshot(self, name):
        path = os.path.join(self.screenshots, name + ".png")
        subprocess.run(["import", "-silent", "-window", "root", path], check=True)
        return path

    def tell_state(self):
        """For someone who reads a failed test's output."""
        name = "failed-" + os.path.splitext(os.path.basename(sys.argv[0]))[0]
        try:
            print("picture:", self.screenshot(name))
        except Exception as error:
            print("no picture:", error)
        for program in self.programs:
            print(f"---- {program.name}: exit code {program.process.poll()}, it said:\n{program.said()}")
            if program.process.poll() is None:
                try:
                    print(program.tree())
                except Exception as error:
                    print("no tree:", error)
        print("---- containers:\n" + self.daemon.docker("ps", "-a", check=False))
        sys.stdout.flush()

    def _start(self, words, owner=None, **options):
        with open(os.path.join(self.folder, "helpers"), "ab") as output:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options)
        (self.processes if owner is None else owner).append(process)
        return process

    @staticmethod
    def _end(processes):
        while processes:
            process = processes.pop()
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Daemon:
    """A private dockerd with the image bb:1 (slipway-private-daemon)."""

    def __init__(self):
        self.process = None

    def start_first(self):
        program = os.environ["SLIPWAY_PRIVATE_DAEMON"]
        # Not the sanitizers' business: this is the tests' own helper.
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        answer = self.process.stdout.readline().split(maxsplit=2)
        if answer[:1] == ["skip"]:
            print("skipped:", " ".join(answer[1:]))
            sys.exit(SKIPPED)
        expect(answer[:1] == ["ready"], "the private daemon did not start: " + " ".join(answer))
        self.socket = answer[1]
        self.pid = int(answer[2])
        self.host = "unix://" + self.socket

    def _say(self, word):
        self.process.stdin.write(word + "\n")
        answer = self.process.stdout.readline().split(maxsplit=1)
        expect(answer[:1] == ["ok"], f"the daemon could not {word}: {answer}")
        self.pid = int(answer[1])

    def stop(self):
        self._say("stop")

    def start(self):
        self._say("start")

    def kill(self):
        self._say("kill")

    def docker(self, *words, check=True):
        """Standard output of the docker program on this daemon."""
        done = subprocess.run(["docker", "--host", self.host, *words], capture_output=True, text=True)
        expect(not check or done.returncode == 0, f"docker {' '.join(words)}: {done.stderr}")
        return done.stdout.strip()

    def run(self, name, *command, options=()):
        """A container in the background; --network=none because the daemon has no bridge."""
        return self.docker("run", "-d", "--network=none", "--stop-timeout=1", "--name", name, *options, "bb:1", *command)

    def end(self):
        if self.process and self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait()


# ---- the program


class Program:
    """One running Slipway: its process and its accessible tree."""

    def __init__(self, world, arguments, theme, trace):
        self.world = world
        self.name = os.environ["SLIPWAY_PROGRAM"]
        self.output = os.path.join(world.folder, f"said-{len(world.programs)}")
        environment = dict(os.environ, SLIPWAY_THEME=theme, QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1", QT_QPA_PLATFORM="xcb",
                           DOCKER_HOST=world.daemon.host)
        if trace:
            environment["SLIPWAY_TRACE"] = trace
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen([self.name, *arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=environment)
        self.closed = False

    def said(self):
        with open(self.output, encoding="utf-8", errors="replace") as output:
            return output.read()

    def root(self):
        """Its application on the accessibility bus, fresh."""
        desktop = Atspi.get_desktop(0)
        desktop.set_cache_mask(Atspi.Cache.NONE)
        for i in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(i)
            if application and application.get_process_id() == self.process.pid:
                application.set_cache_mask(Atspi.Cache.NONE)
                return application
        return None

    def wait_for_window(self):
        def window():
            expect(self.process.poll() is None, f"slipway ended with {self.process.poll()}:\n{self.said()}")
            return self.find(["frame", "window"], re.compile("^Slipway — "), required=False)
        return wait_for(window, "window titled Slipway — HOST")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.closed = True

    def close(self):
        """As a person closes it; then nothing may have complained, least of all a sanitizer."""
        if self.closed:
            return
        self.closed = True
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            expect(time.monotonic() < deadline, "the window did not close")
            window = self.find(["frame", "window", "dialog"], None, required=False)
            if window:
                keys("alt+F4")
            try:
                self.process.wait(1)
            except subprocess.TimeoutExpired:
                pass
        said = self.said()
        expect(self.process.returncode == 0, f"slipway ended with {self.process.returncode}:\n{said}")
        for word in ("Sanitizer", "runtime error:", "ASSERT", "QObject::", "QBasicTimer", "QSocketNotifier", "QThread:"):
            expect(word not in said, f"slipway complained:\n{said}")

    def windows(self):
        """How many windows it shows, menus included: those are not in the tree that Qt gives to assistive programs."""
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "slipway"], capture_output=True, text=True)
        return len(found.stdout.split())

    def fill_screen(self):
        """Makes the main window as large as the display lets it be."""
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Slipway — "], capture_output=True, text=True, check=True)
        window = found.stdout.split()[0]
        width, height = self.world.size
        border, title = 2, 30 # at least what the window manager draws around it
        subprocess.run(["xdotool", "windowmove", "--sync", window, "1", "24"], check=True)
        subprocess.run(["xdotool", "windowsize", window, str(width - border), str(height - title)], check=True)
        frame = self.find(["frame", "window"], re.compile("^Slipway — "))
        wait_for(lambda: frame.rectangle()[2] == width - border, f"window of {width} pixels")

    # ---- finding

    def find_all(self, roles, name, within=None, showing=True, stop_at_tables=True):
        """Widgets of those roles (a word or a list; None: any) whose accessible name matches (text or pattern)."""
        if isinstance(roles, str):
            roles = [roles]
        found = []
        start = within or self.root()
        queue = [start] if start else []
        while queue:
            node = queue.pop(0)
            try:
                if showing and node is not start and not is_showing(node):
                    continue  # nor is anything in it: pages of the wizard, dialogs that were closed
                role = node.get_role_name()
                if node is not start and (roles is None or role in roles) and _matches(name, node.get_name()):
                    found.append(Widget(self, node))
                if stop_at_tables and role in ("table", "tree table"):
                    continue  # thousands of cells
                if role == "terminal":
                    continue
                queue += [child for child in (node.get_child_at_index(i) for i in range(node.get_child_count())) if child]
            except GLib_Error:
                continue  # gone meanwhile
        return found

    def find(self, roles, name, within=None, required=True, showing=True):
        """The one such widget, waited for; with required=False the first now, or None."""
        if not required:
            return next(iter(self.find_all(roles, name, within, showing)), None)
        return wait_for(lambda: self.find_all(roles, name, within, showing), f"{roles} named {name!r}")[0]

    def button(self, name, within=None):
        return self.find(["push button", "toggle button", "check box", "radio button", "button menu"], name, within)

    def field(self, name, within=None):
        return self.find(["text", "password text", "terminal", "document text", "spin button", "entry"], name, within)

    def combo(self, name):
        """The choice with that label. Qt names a combo box on Linux after its text; what is around it has the label."""
        return self.find("combo box", None, within=self.find(["filler", "combo box"], name).node)

    def table(self, name, within=None):
        return self.find(["table", "tree table"], name, within)

    def dialog(self, name):
        return self.find(["dialog", "frame", "window", "alert"], name)

    def section(self, name):
        """Clicks an item of Sections."""
        item = self.find("list item", name, within=self.find("list", "Sections").node)
        item.click()

    def console(self, name):
        """The log console of a container: what has its text."""
        return self.find("terminal", f"Log of {name}")

    def new_run(self):
        """Opens the wizard from the tool bar; its dialog."""
        self.button("New run…").press()
        return self.dialog("New run")

    def step(self, wizard, name):
        """Goes to a step of the wizard by its list of steps."""
        item = self.find("list item", name, within=self.find("list", "Steps", within=wizard.node).node)

        def clicked():
            item.click()
            # Every page begins with its own title. A message that just came in above moves the list under the mouse.
            try:
                return wait_for(lambda: self.find_all("label", name, within=wizard.node), f"step {name}", patience=2)
            except Failed:
                return None
        wait_for(clicked, f"step {name}")

    def tree(self, within=None, depth=0):
        """Everything that shows, as text."""
        node = within or self.root()
        if not node:
            return "(no tree)"
        lines = []
        try:
            role = node.get_role_name()
            if depth < 2 or is_showing(node):
                lines.append("  " * depth + f"{role} {node.get_name()!r}")
                if role not in ("table cell", "terminal"):
                    for i in range(min(node.get_child_count(), 120)):
                        child = node.get_child_at_index(i)
                        if child:
                            lines.append(self.tree(child, depth + 1))
        except GLib_Error as error:
            lines.append("  " * depth + f"gone: {error}")
        return "\n".join(line for line in lines if line)


def _matches(name, text):
    if name is None:
        return True
    return bool(name.search(text or "")) if hasattr(name, "search") else text == name


def is_showing(node):
    return node.get_state_set().contains(Atspi.StateType.SHOWING)


def keys(*combinations):
    subprocess.run(["xdotool", "key", "--clearmodifiers", *combinations], check=True)


class Widget:
    """One accessible of a Program."""

    def __init__(self, program, node):
        self.program = program
        self.node = node

    @property
    def name(self):
        return self.node.get_name()

    @property
    def role(self):
        return self.node.get_role_name()

    def has(self, state):
        """state: one of Atspi.StateType's names, as "ENABLED"."""
        return self.node.get_state_set().contains(getattr(Atspi.StateType, state))

    def press(self):
        """Its first action, once it is enabled: what a screen reader's user does."""
        wait_for(lambda: self.has("ENABLED"), f"enabled {self.role} {self.name!r}")
        action = self.node.get_action_iface()
        expect(action and action.do_action(0), f"{self.role} {self.name!r} cannot be pressed")

    def rectangle(self):
        box = self.node.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
        return box.x, box.y, box.width, box.height

    def click(self, button=1):
        """With the mouse, in its middle."""
        x, y, width, height = wait_for(lambda: (lambda r: r if r[2] > 0 and r[3] > 0 else None)(self.rectangle()), f"place of {self.name!r}")
        self.click_at(x + width // 2, y + height // 2, button)

    @staticmethod
    def click_at(x, y, button=1):
        # Without --sync, which waits for 15 s when the mouse is there already. The display takes both in order.
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", str(button)], check=False)

    def text(self):
        text = self.node.get_text_iface()
        if not text:
            return self.node.get_name()
        return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text))

    def set_text(self, words):
        wait_for(lambda: self.has("ENABLED"), f"enabled {self.role} {self.name!r}")
        editable = self.node.get_editable_text_iface()
        expect(editable and editable.set_text_contents(words), f"{self.role} {self.name!r} takes no text")
        wait_for(lambda: self.text() == words, f"text {words!r} in {self.name!r}")

    def check(self, on=True):
        # Not the mouse: what is scrolled out of sight can be pressed all the same.
        if self.has("CHECKED") != on:
            self.press()
        wait_for(lambda: self.has("CHECKED") == on, f"{self.name!r} {'on' if on else 'off'}")

    def choose(self, item):
        """Of a combo box: the entry with that text, by opening it and clicking there."""
        self.press() # not the mouse: it may be scrolled out of sight
        lists = ["list item", "menu item", "table cell"]
        wait_for(lambda: [w for w in self.program.find_all(lists, item) if w.rectangle()[3] > 0], f"entry {item!r}")
        self.program.find_all(lists, item)[-1].click()
        wait_for(lambda: self.name == item, f"{item!r} chosen")

    # ---- tables

    def columns(self):
        table = self.node.get_table_iface()
        return [Atspi.Table.get_column_description(table, i) for i in range(Atspi.Table.get_n_columns(table))]

    def rows(self):
        """Every row as a dict of column name to cell text."""
        table = self.node.get_table_iface()
        names = self.columns()
        result = []
        for row in range(Atspi.Table.get_n_rows(table)):
            cells = [Atspi.Table.get_accessible_at(table, row, column) for column in range(len(names))]
            result.append(dict(zip(names, [cell.get_name() if cell else "" for cell in cells])))
        return result

    def cell_at(self, row, column):
        return Widget(self.program, Atspi.Table.get_accessible_at(self.node.get_table_iface(), row, column))

    def selected(self):
        """The first column of the selected rows."""
        count = Atspi.Table.get_n_rows(self.node.get_table_iface())
        return [cell.name for cell in (self.cell_at(row, 0) for row in range(count)) if cell.has("SELECTED")]

    def cell(self, row_name, column):
        """The text in that column of the row whose first column says row_name; None when there is no such row."""
        table = self.node.get_table_iface()
        for row in range(Atspi.Table.get_n_rows(table)):
            first = Atspi.Table.get_accessible_at(table, row, 0)
            if first and first.get_name() == row_name:
                cell = Atspi.Table.get_accessible_at(table, row, self.columns().index(column))
                return cell.get_name() if cell else None
        return None

    def select_row(self, row_name, button=1):
        """Clicks the row's first cell, until it is selected: a dialog that is just closing swallows a click."""
        def clicked():
            table = self.node.get_table_iface()
            for row in range(Atspi.Table.get_n_rows(table)):
                first = Atspi.Table.get_accessible_at(table, row, 0)
                if first and first.get_name() == row_name:
                    x, y, width, height = Widget(self.program, first).rectangle()
                    if height <= 0:
                        return False
                    self.click_at(x + min(width // 2, 40), y + height // 2, button)
                    return self._selected_soon(row_name)
            return False
        wait_for(clicked, f"row {row_name!r} that can be selected")

    def _selected_soon(self, row_name):
        def selected():
            table = self.node.get_table_iface()
            for row in range(Atspi.Table.get_n_rows(table)):
                first = Atspi.Table.get_accessible_at(table, row, 0)
                if first and first.get_name() == row_name:
                    return first.get_state_set().contains(Atspi.StateType.SELECTED)
            return False
        try:
            return wait_for(selected, "selection", patience=1)
        except Failed:
            return False
