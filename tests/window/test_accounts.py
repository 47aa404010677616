"""A private image: refused, then pulled after signing in from there, with a wrong password, then the right one. It is
kept in a real keyring, which is locked and unlocked with the desktop's own prompt; signing out. The password is nowhere
on disk, in no trace and on no command line."""

import os
import subprocess

import driver
from driver import expect, wait_for

USER, PASSWORD = "ada", "correct-horse-battery-staple"
REGISTRY = "localhost:5000"
IMAGE = f"{REGISTRY}/team/secret:1"
COLUMNS = ["Registry", "User", "Kept in"]


def run(*words, **options):
    done = subprocess.run(words, capture_output=True, text=True, **options)
    expect(done.returncode == 0, f"{' '.join(words)}: {done.stderr}")
    return done.stdout


class Registry:
    """A real registry that knows one user, in the daemon's network."""

    def __init__(self, world):
        htpasswd = os.path.join(world.folder, "htpasswd")
        with open(htpasswd, "w", encoding="ascii") as file:
            file.write(run("htpasswd", "-n", "-i", "-B", "-C", "4", USER, input=PASSWORD + "\n"))
        config = os.path.join(world.folder, "registry.yml")
        with open(config, "w", encoding="ascii") as file:
            file.write(f"version: 0.1\nhttp: {{addr: '127.0.0.1:5000'}}\n"
                       f"storage: {{filesystem: {{rootdirectory: '{world.folder}/registry'}}}}\n"
                       f"auth: {{htpasswd: {{realm: r, path: '{htpasswd}'}}}}\n")
        world._start(["nsenter", f"--net=/proc/{world.daemon.pid}/ns/net", "docker-registry", "serve", config])
        self.push(world)

    @staticmethod
    def push(world):
        """A private image, by Docker's own client, whose sign-in does not stay."""
        docker = ["docker", "--config", os.path.join(world.folder, "docker"), "--host", world.daemon.host]
        login = docker + ["login", "-u", USER, "--password-stdin", REGISTRY]
        wait_for(lambda: subprocess.run(login, input=PASSWORD, capture_output=True, text=True).returncode == 0, "registry")
        run(*docker, "tag", "bb:1", IMAGE)
        run(*docker, "push", IMAGE)
        run(*docker, "rmi", IMAGE)
        run(*docker, "logout", REGISTRY)


class Keyring:
    """A real gnome-keyring, and the desktop's prompt on this display."""

    COLLECTION = "/org/freedesktop/secrets/collection/login"

    def __init__(self, world):
        run("dbus-update-activation-environment", "DISPLAY", "HOME", "XDG_RUNTIME_DIR")
        self.process = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"],
                                        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process.stdin.write(b"pw")
        self.process.stdin.close()
        world.processes.append(self.process)
        # Asked by its name too early, the bus would start a second one, which has no collection and keeps the name.
        wait_for(lambda: "true" in run("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
                                       "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"), "keyring")
        wait_for(lambda: self.COLLECTION in self.call("ReadAlias", "string:default"), "collection of the keyring")

    @staticmethod
    def call(method, argument):
        return run("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets",
                   f"org.freedesktop.Secret.Service.{method}", argument)

    def lock(self):
        self.call("Lock", f"array:objpath:{self.COLLECTION}")

    @staticmethod
    def lookup():
        return subprocess.run(["secret-tool", "lookup", "user", f"registry/{REGISTRY}", "server", "Slipway"],
                              capture_output=True, text=True).stdout


def open_accounts(program):
    program.section("Images")
    program.button("Accounts…").press()
    return program.dialog("Accounts")


def fill_secret(field, words):
    """A field that tells nobody what is in it, assistive programs neither."""
    expect(field.node.get_editable_text_iface().set_text_contents(words), "the field takes no text")
    expect(words not in field.text(), "the password can be read")


def pull_in_vain(world, program):
    program.section("Images")
    program.button("Pull…").press()
    dialog = program.dialog("Pull image")
    program.field("Image", within=dialog.node).set_text(IMAGE)
    program.button("Pull", within=dialog.node).press()
    transfers = program.table("Transfers")
    wait_for(lambda: transfers.cell(IMAGE, "State") == "Failed", "refused pull")
    world.screenshot("light-1280-pull-refused")


def pulled_by_itself(program):
    """The sign-in has begun the refused pull anew: nobody presses Retry."""
    transfers = program.table("Transfers")
    wait_for(lambda: transfers.cell(IMAGE, "State") == "Done", "finished pull")
    images = program.table("Images")
    wait_for(lambda: any(row["Repository"] == f"{REGISTRY}/team/secret" for row in images.rows()), "image in the table")


def sign_in(world, program, keyring):
    program.button("Sign in…").press()
    dialog = program.dialog("Sign in")
    expect(program.field("Registry", within=dialog.node).text() == REGISTRY, "another registry is suggested")
    go = program.button("Sign in", within=dialog.node)
    program.find("label", "It will be kept in the desktop's keyring.")
    program.field("Registry", within=dialog.node).set_text("nvcr.io")
    wait_for(lambda: program.field("User", within=dialog.node).text() == "$oauthtoken", "the user of nvcr.io")
    world.screenshot("light-1280-signin-nvcr")
    program.field("Registry", within=dialog.node).set_text(REGISTRY)
    program.field("User", within=dialog.node).set_text(USER)
    secret = program.field("Password or token", within=dialog.node)
    expect(not go.has("ENABLED"), "one can sign in without a password")
    fill_secret(secret, "wrong")
    go.press()
    program.find("label", f"{REGISTRY} does not know this user with this password.")
    world.screenshot("light-1280-signin-wrong")
    expect(program.field("User", within=dialog.node).text() == USER, "the user is gone")
    fill_secret(secret, PASSWORD)
    go.press()
    wait_for(lambda: keyring.lookup() == PASSWORD, "password in the keyring")


def look_at_accounts(world, program):
    table = program.table("Accounts")
    expect(table.columns() == COLUMNS, "columns of the accounts")
    wait_for(lambda: table.cell(REGISTRY, "Kept in") == "Keyring", "account in the keyring")
    world.screenshot("light-1280-accounts")


def unlock(world, program, keyring):
    keyring.lock()
    program.find("label", "The keyring is locked.")
    world.screenshot("light-1280-accounts-locked")
    program.button("Unlock…").press()

    def prompt():
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--class", "gcr-prompter"], capture_output=True, text=True)
        return found.stdout.split()
    window = wait_for(prompt, "the desktop's prompt")[-1]
    world.screenshot("light-1280-accounts-prompt")
    # The program goes on meanwhile.
    expect(program.table("Accounts").cell(REGISTRY, "User") == USER, "the table does not answer")
    subprocess.run(["xdotool", "windowfocus", "--sync", window], check=False)
    subprocess.run(["xdotool", "type", "pw"], check=True)
    driver.keys("Return")
    wait_for(lambda: not program.find_all("label", "The keyring is locked."), "unlocked keyring")


def sign_out(world, program, accounts, keyring):
    table = program.table("Accounts")
    table.select_row(REGISTRY)
    program.button("Sign out…", within=accounts.node).press()
    program.find("label", f"Sign out of {REGISTRY}?")
    world.screenshot("light-1280-signout")
    program.button(f"Sign out of {REGISTRY}").press()
    wait_for(lambda: table.rows() == [], "no account")
    expect(keyring.lookup() == "", "the keyring still has the password")


def search(world, trace):
    """Everything on disk under the homes of this world, and every command line."""
    expect(os.path.getsize(trace) > 0, "no trace was written")
    searched = 0
    for folder, _, names in os.walk(world.folder):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    expect(PASSWORD.encode() not in file.read(), f"the password is in {path}")
                searched += 1
    expect(searched > 10, f"only {searched} files were searched")
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/cmdline", "rb") as file:
                expect(PASSWORD.encode() not in file.read(), f"the password is on the command line of {process}")
        except OSError:
            pass


def pictures(world):
    program = world.launch(theme="dark")
    accounts = open_accounts(program)
    program.table("Accounts")
    world.screenshot("dark-1280-accounts-empty")
    program.button("Sign in…", within=accounts.node).press()
    dialog = program.dialog("Sign in")
    program.field("Registry", within=dialog.node).set_text("ghcr.io")
    world.screenshot("dark-1280-signin-ghcr")
    program.button("Cancel", within=dialog.node).press()
    program.button("Close", within=accounts.node).press()
    program.close()


def scenario(world):
    for name in ("docker-registry", "htpasswd", "gnome-keyring-daemon", "secret-tool"):
        if not driver.shutil.which(name):
            print("skipped: there is no", name)
            driver.sys.exit(driver.SKIPPED)
    Registry(world)
    keyring = Keyring(world)
    trace = os.path.join(world.folder, "trace")
    os.environ["QT_LOGGING_RULES"] = "slipway.*=true"
    program = world.launch(trace=trace)
    pull_in_vain(world, program)
    sign_in(world, program, keyring)
    pulled_by_itself(program)
    accounts = open_accounts(program)
    look_at_accounts(world, program)
    unlock(world, program, keyring)
    search(world, trace)
    sign_out(world, program, accounts, keyring)
    program.button("Close", within=accounts.node).press()
    program.close()
    pictures(world)


driver.run(scenario)
