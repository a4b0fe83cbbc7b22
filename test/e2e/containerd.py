#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A containerd of our own, in a folder of its own, for as long as a command runs in it.

    containerd.py FOLDER ARCHIVE ctr NAME COMMAND...    in a container of `ctr run`
    containerd.py FOLDER ARCHIVE exec NAME COMMAND...   in one that runs already
    containerd.py FOLDER ARCHIVE pod NAME COMMAND...    in a container of a pod of the CRI service
"""

import pathlib
import subprocess
import sys
import time

import cri
import machine

IMAGE = "registry.example/team/cart:3.1"
NAMESPACE = "front"
UID = "0f6a1c52-8e0c-4a36-9f60-2f3f5b1f7d12"
SECONDS = 60

# Our own score may be as low as we are allowed to make it: containerd's sandboxes want less.
CONFIG = """version = 2
root = "{folder}/root"
state = "{folder}/state"
[grpc]
  address = "{folder}/c.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{image}"
  restrict_oom_score_adj = true
"""


class Containerd:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.socket = self.folder / "c.sock"
        self._process = None

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "config.toml"
        config.write_text(CONFIG.format(folder=self.folder, image=IMAGE))
        self._log = open(self.folder / "log", "w")
        self._process = subprocess.Popen(["containerd", "-c", config], stderr=self._log,
                                         stdin=subprocess.DEVNULL, env={"PATH": machine.PATH})
        end = time.monotonic() + SECONDS
        while self.ctr("version", check=False).returncode != 0:
            if self._process.poll() is not None or time.monotonic() > end:
                raise SystemExit((self.folder / "log").read_text()[-2000:])
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(SECONDS)
        self._log.close()

    def ctr(self, *arguments, namespace="default", check=True):
        command = ["ctr", "--address", self.socket, "--namespace", namespace, *arguments]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=SECONDS, env={"PATH": machine.PATH})
        if check and done.returncode != 0:
            raise SystemExit(f"{command}: {done.stderr}")
        return done


def in_container(containerd, name, command):
    done = containerd.ctr("run", "--rm", "--label", "app=cart", IMAGE, name, *command)
    print(done.stdout, end="")


def in_running(containerd, name, command):
    containerd.ctr("run", "--detach", IMAGE, name, "/bin/sleep", "1000000")
    try:
        done = containerd.ctr("task", "exec", "--exec-id", "one", name, *command)
        print(done.stdout, end="")
    finally:
        containerd.ctr("task", "rm", "--force", name)
        containerd.ctr("container", "rm", name)


def in_pod(containerd, name, command):
    client = cri.Client(containerd.socket)
    logs = containerd.folder / "pods"
    pod, container = client.run_pod(name, NAMESPACE, UID, {"app": "shop"}, str(logs), IMAGE,
                                    ["/bin/sleep", "1000000"], "cart", [("/etc", "/host/etc")])
    try:
        client.exec(container, command)
    finally:
        client.remove_pod(pod)


KINDS = {"ctr": in_container, "exec": in_running, "pod": in_pod}


def main():
    folder, archive, kind, name, *command = sys.argv[1:]
    with Containerd(folder) as containerd:
        namespace = "k8s.io" if kind == "pod" else "default"
        containerd.ctr("image", "import", archive, namespace=namespace)
        KINDS[kind](containerd, name, command)


if __name__ == "__main__":
    main()
