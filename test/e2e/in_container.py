#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The sensor in a container of Podman, as packaging/docker/run starts it, until it has seen a file
that we open.

    in_container.py FOLDER SAKER        prints the alert
"""

import os
import pathlib
import re
import subprocess
import sys
import tarfile

import image
import lines
import machine

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
NAME = "registry.example/team/saker:1"
SECONDS = 120  # for whatever is waited for, on a busy machine
RULE = """
- rule: Opened by the test
  desc: The test has opened its file.
  condition: evt.type in (open, openat) and fd.name startswith {file}
  output: "opened %fd.name by %proc.name in %container.name"
  priority: NOTICE
"""


def libraries(program):
    """What the program needs to run, as absolute paths."""
    said = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    return [word for word in said.split() if word.startswith("/")]


def root_tar(path, program, rules):
    """A root file system: the program, its libraries and rules."""
    with tarfile.open(path, "w", dereference=True) as tar:
        tar.add(program, "usr/bin/saker")
        for library in libraries(program):
            tar.add(library, library.lstrip("/"))
        tar.add(rules, "etc/saker/rules.yaml")
    return path.read_bytes()


class Podman:
    """Podman with folders of its own, as one command, which packaging/docker/run takes."""

    def __init__(self, folder):
        self.command = folder / "podman"
        # Limits as low as ours may be: Podman's own are more than a container may give itself.
        self.command.write_text(
            f"#!/bin/sh\nexec podman --root {folder}/root --runroot {folder}/run "
            '--cgroup-manager cgroupfs --events-backend file --storage-driver vfs --runtime runc "$@"\n')
        self.command.chmod(0o755)
        self.environment = {"PATH": machine.PATH, "DOCKER": str(self.command),
                            "DOCKER_OPTIONS": "--ulimit nofile=1024:1024 --ulimit nproc=1024:1024"}

    def load(self, archive):
        subprocess.run([self.command, "load", "-i", archive], check=True, capture_output=True,
                       env=self.environment, timeout=SECONDS)

    def run_sensor(self):
        return subprocess.Popen(
            [TOP / "packaging/docker/run", NAME, "/usr/bin/saker", "run", "-U", "-r",
             "/etc/saker/rules.yaml"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.environment)

    def remove(self):
        subprocess.run([self.command, "rm", "--force", "--all"], capture_output=True, check=False,
                       env=self.environment, timeout=SECONDS)


def main():
    folder, saker = map(pathlib.Path, sys.argv[1:])
    marker = folder / "marker"
    rules = folder / "rules.yaml"
    rules.write_text(RULE.format(file=marker))
    archive = folder / "image.tar"
    archive.write_bytes(image.archive(root_tar(folder / "root.tar", saker, rules), [NAME]))
    podman = Podman(folder)
    podman.load(archive)
    sensor = podman.run_sensor()
    try:
        out, log = lines.Lines(sensor.stdout), lines.Lines(sensor.stderr)
        try:
            log.wait_for(r"watching \d+ system calls", SECONDS)
            os.close(os.open(marker, os.O_RDWR | os.O_CREAT))
            seen = out.wait_for(re.escape(str(marker)), SECONDS)
            print(out.slice()[seen])
        except (EOFError, TimeoutError) as error:
            raise SystemExit(f"{error}\n" + "\n".join(log.slice())) from error
    finally:
        podman.remove()
        sensor.wait(SECONDS)


if __name__ == "__main__":
    main()
