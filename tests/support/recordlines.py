#!/usr/bin/env python3
"""Records what Docker's own client sends for `docker run` lines.

Reads JSON lines with "cmd" (and "env", "files") from standard input, runs each with the `docker` program in an empty
folder against a daemon that only answers pings and takes POST /containers/create, and prints the same lines with
"argv", "request" (null where the client refuses), "stderr" and what differs with newer API versions. Re-reads its own
output, so that recordings can be made anew with another client:

    python3 tests/support/recordlines.py <run-lines.jsonl >new.jsonl
"""
import json
import os
import shlex
import socketserver
import subprocess
import sys
import tempfile
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler

VERSIONS = ["1.41", "1.44", "1.50"]


class Daemon(socketserver.ThreadingUnixStreamServer):
    """Answers one API version on one socket and keeps the last create request."""

    daemon_threads = True

    def __init__(self, path, api):
        super().__init__(path, Handler)
        self.path, self.api, self.request = path, api, None
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def address_string(self):
        return "client"

    def answer(self, status, content):
        self.send_response(status)
        for name, value in (("Api-Version", self.server.api), ("Ostype", "linux"),
                            ("Content-Type", "application/json"), ("Content-Length", str(len(content)))):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def do_HEAD(self):
        self.answer(200, b"OK")

    do_GET = do_HEAD

    def body(self):
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = []
        while size := int(self.rfile.readline(), 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def do_POST(self):
        body = self.body()
        url = urllib.parse.urlsplit(self.path)
        if not url.path.endswith("/containers/create"):
            return self.answer(200, b"{}")
        self.server.request = {"method": "POST", "path": url.path,
                               "query": dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True)),
                               "body": json.loads(body)}
        self.answer(400, b'{"message": "recorded"}')


def run(daemon, line, home):
    """The client's request, with $CWD for its folder, and what it said."""
    daemon.request = None
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (line.get("files") or {}).items():
            with open(os.path.join(folder, name), "w", encoding="utf-8", newline="") as file:
                file.write(content)
        environment = {"PATH": os.environ["PATH"], "HOME": home, "DOCKER_HOST": "unix://" + daemon.path}
        environment.update(line.get("env") or {})
        done = subprocess.run(shlex.split(line["cmd"]) if "argv" not in line else line["argv"], cwd=folder,
                              env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

        def neutral(text):
            return text.replace(folder, "$CWD").replace(daemon.path, "/var/run/docker.sock")

        request = daemon.request and json.loads(neutral(json.dumps(daemon.request)))
        return request, neutral(done.stderr)


def main():
    with tempfile.TemporaryDirectory() as home:
        daemons = {api: Daemon(os.path.join(home, api + ".sock"), api) for api in VERSIONS}
        for number, text in enumerate(sys.stdin, 1):
            line = json.loads(text)
            line.setdefault("argv", shlex.split(line["cmd"]))
            results = {api: run(daemon, line, home) for api, daemon in daemons.items()}
            request, stderr = results[VERSIONS[0]]
            out = {"id": line.get("id", f"rl-{number:03}"), "cmd": line["cmd"], "argv": line["argv"]}
            out.update({key: line[key] for key in ("env", "files") if line.get(key)})
            out.update({"api": VERSIONS[0], "request": request})
            if not request:
                out["stderr"] = stderr.strip().splitlines()[0] if stderr.strip() else ""
            for api in VERSIONS[1:]:
                body = results[api][0] and results[api][0]["body"]
                if body != (request and request["body"]) and not same(body, request and request["body"]):
                    out["body_api_" + api] = body
            print(json.dumps(out, ensure_ascii=False), flush=True)


def same(left, right):
    """Equal but for the order of Env and Binds, which the client sends at random."""
    if not left or not right:
        return left == right
    left, right = (json.loads(json.dumps(body)) for body in (left, right))
    for body in (left, right):
        body["Env"] = sorted(body["Env"] or [])
        body["HostConfig"]["Binds"] = sorted(body["HostConfig"]["Binds"] or [])
    return left == right


if __name__ == "__main__":
    main()
