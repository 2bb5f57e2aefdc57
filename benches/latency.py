"""Cold locks over a loopback index with latency, beside uv: time, requests, bytes and requests in flight, as ratios.

    benches/latency.py MACH_NIX UV [ROUNDS]

The index has made-up packages and answers each request after 80 ms. Both resolve the same requirements in alternation, each time
with an empty cache, and have to choose the same versions. Requests, bytes and the most requests in flight are counts of the
server, the same on every machine.
"""

import asyncio
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

LATENCY = 0.08


class Index:
    """Packages, as the files that a server of the simple repository API has."""

    def __init__(self, packages):
        self.pages, self.metadata = {}, {}
        for name, releases in packages.items():
            files = []
            for version, requires in releases:
                wheel = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
                lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"]
                lines += [f"Requires-Dist: {requirement}\n" for requirement in requires]
                content = "".join(lines).encode()
                self.metadata[f"/files/{wheel}.metadata"] = content
                files.append(
                    {
                        "filename": wheel,
                        "url": f"/files/{wheel}",
                        "hashes": {"sha256": hashlib.sha256(wheel.encode()).hexdigest()},
                        "core-metadata": {"sha256": hashlib.sha256(content).hexdigest()},
                        "size": 1000,
                        "upload-time": "2026-01-01T00:00:00Z",
                        "yanked": False,
                    }
                )
            page = {"meta": {"api-version": "1.1"}, "name": name, "files": files}
            self.pages[f"/simple/{name}/"] = json.dumps(page).encode()


class Server:
    """An HTTP server with latency that counts; it runs in a thread."""

    def __init__(self, index):
        self.index = index
        self.reset()
        self.ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True).start()
        self.ready.wait()

    def reset(self):
        self.requests = self.bytes = self.in_flight = self.most = 0

    async def serve(self):
        server = await asyncio.start_server(self.connection, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        await server.serve_forever()

    async def connection(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split(b" ", 2)[1].decode()
                self.requests += 1
                self.in_flight += 1
                self.most = max(self.most, self.in_flight)
                await asyncio.sleep(LATENCY)
                self.in_flight -= 1
                body, kind = self.index.pages.get(path), "application/vnd.pypi.simple.v1+json"
                if body is None:
                    body, kind = self.index.metadata.get(path), "binary/octet-stream"
                status = "404 Not Found" if body is None else "200 OK"
                body = body or b""
                self.bytes += len(body)
                writer.write(
                    f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n"
                    "cache-control: max-age=600\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def tree():
    """90 packages in two releases each, each package with up to three of its own."""
    packages = {}
    for number in range(90):
        children = [child for child in range(3 * number + 1, 3 * number + 4) if child < 90]
        requires = [f"tree-{child}>=1" for child in children]
        packages[f"tree-{number}"] = [("1.0", requires), ("1.1", requires)]
    return packages, ["tree-0"]


def walk_back():
    """300 releases of a package, each with its own release of another one, which the user limits: the search goes back through 281."""
    versions = range(1, 301)
    packages = {
        "app": [(f"{version}.0", [f"core=={version}.0"]) for version in versions],
        "core": [(f"{version}.0", []) for version in versions],
    }
    return packages, ["app", "core<20"]


def lock_and_core():
    """The same where only the metadata of a package in between has the limit, and another package has 150 releases to go back through."""
    versions = range(1, 151)
    packages = {
        "client": [(f"{version}.0", [f"core>={version}.0,<{version + 1}.0"]) for version in versions],
        "async-client": [(f"{version}.0", [f"core>={version}.0,<{version}.2"]) for version in versions],
        "core": [(f"{version}.{patch}", []) for version in versions for patch in (0, 5)],
    }
    return packages, ["client", "async-client", "core<30"]


CASES = {"tree of 90": tree, "back over 300": walk_back, "two clients": lock_and_core}


def run(command, server):
    """Seconds, requests, bytes, most in flight and the pins of a command that has to succeed."""
    server.reset()
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - begin
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    lines = (line.split(" ")[0] for line in done.stdout.splitlines())
    pins = sorted(line for line in lines if "==" in line)
    return (seconds, server.requests, server.bytes, server.most), pins


def measure(mach_nix, uv, rounds, case):
    packages, requirements = CASES[case]()
    server = Server(Index(packages))
    index = f"http://127.0.0.1:{server.port}/simple"
    runs = ([], [])
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/requirements.in"
        with open(file, "w") as stream:
            stream.write("".join(f"{line}\n" for line in requirements))
        for turn in range(rounds):
            cache = f"{folder}/{turn}"
            ours = [mach_nix, "--quiet", "lock", "-r", file, "--format", "requirements", "--output", "-"]
            ours += ["--python", "3.11", "--system", "x86_64-linux", "--providers", "wheel"]
            ours += ["--index-url", index, "--cache-dir", f"{cache}/mach-nix"]
            theirs = [uv, "pip", "compile", "--quiet", "--no-header", "--no-annotate", "--no-config", file]
            theirs += ["--python-version", "3.11", "--python-platform", "x86_64-manylinux_2_28"]
            theirs += ["--index-url", index, "--cache-dir", f"{cache}/uv"]
            pins = []
            for command, results in zip((ours, theirs), runs):
                counts, chosen = run(command, server)
                results.append(counts)
                pins.append(chosen)
            if pins[0] != pins[1]:
                sys.exit(f"{case}: other versions than uv\n{pins[0]}\n{pins[1]}")
    return [[statistics.median(column) for column in zip(*results)] for results in runs]


def main(mach_nix, uv, rounds=5):
    version = subprocess.run([uv, "--version"], capture_output=True, text=True).stdout.split()[1]
    print(f"cold, {LATENCY * 1000:.0f} ms a response; uv {version}; medians of {rounds} rounds; mach-nix / uv = ratio")
    for case in CASES:
        ours, theirs = measure(mach_nix, uv, int(rounds), case)
        columns = zip(("s", "requests", "kB", "in flight"), (1, 1, 1000, 1), ours, theirs)
        shown = (
            f"{a / unit:.4g} / {b / unit:.4g} = {a / b:.2f} {what}".ljust(34) for what, unit, a, b in columns
        )
        print(f"{case:<16}{''.join(shown)}")


if __name__ == "__main__":
    # Where uv finds a Python at once: a shim of pyenv would cost it 100 ms.
    os.environ["PATH"] = "/usr/bin:/bin"
    main(*map(os.path.abspath, sys.argv[1:3]), *sys.argv[3:])
