#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Many short containers at once, of an OCI runtime by hand, with the files that Podman would write.

    storm.py RUNTIME FOLDER NUMBER AT_ONCE COMMAND...

The container number N is named storm-N. Podman itself would take a second for each; the runtime alone
starts and ends one in a few hundredths, so that more of them are under way together.
"""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import machine

IMAGE = "registry.example/team/storm:1.0"
IMAGE_ID = hashlib.sha256(b"storm").hexdigest()
SECONDS = 120  # for one container, on a busy machine
NAMESPACES = ("pid", "mount", "ipc", "uts", "network")


def config(root, identity, command):
    """The bundle's config.json: the fewest things that make a container."""
    return {
        "ociVersion": "1.0.2",
        "process": {"args": list(command), "cwd": "/", "env": ["PATH=/bin"],
                    "user": {"uid": 0, "gid": 0}, "noNewPrivileges": True},
        "root": {"path": str(root), "readonly": True},
        # What the runtime makes in /dev must not be in the root that all share.
        "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"},
                   {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"}],
        "linux": {"cgroupsPath": f"/libpod_parent/libpod-{identity}",
                  "namespaces": [{"type": name} for name in NAMESPACES]},
    }


class Storage:
    """Folders as containers/storage lays them out, and in them a bundle for each container."""

    def __init__(self, folder, command):
        self.folder = pathlib.Path(folder) / "storage"
        self.root = pathlib.Path(folder) / "rootfs"
        self._command = command
        self._list = []
        self._make_root()

    def _make_root(self):
        for name in ("bin", "proc", "dev", "etc"):
            (self.root / name).mkdir(parents=True, exist_ok=True)
        shutil.copy(shutil.which("busybox", path=machine.PATH), self.root / "bin/busybox")
        for name in ("sh", "echo"):
            (self.root / "bin" / name).symlink_to("busybox")

    def add(self, name):
        """The new container's id."""
        identity = hashlib.sha256(f"{self.folder}{name}".encode()).hexdigest()
        bundle = self.bundle(identity)
        bundle.mkdir(parents=True)
        (bundle / "config.json").write_text(json.dumps(config(self.root, identity, self._command)))
        self._list.append({"id": identity, "image": IMAGE_ID,
                           "metadata": json.dumps({"name": name, "image-name": IMAGE})})
        return identity

    def bundle(self, identity):
        return self.folder / "overlay-containers" / identity / "userdata"

    def write_lists(self):
        (self.folder / "overlay-images").mkdir()
        (self.folder / "overlay-containers/containers.json").write_text(json.dumps(self._list))
        (self.folder / "overlay-images/images.json").write_text(
            json.dumps([{"id": IMAGE_ID, "names": [IMAGE]}]))


def run(runtime, state, bundle, identity):
    done = subprocess.run([runtime, "--root", state, "run", "--bundle", bundle, identity],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=SECONDS, env={"PATH": machine.PATH})
    return done.stderr.strip() if done.returncode else ""


def main():
    runtime, folder, number, at_once, *command = sys.argv[1:]
    storage = Storage(folder, command)
    identities = [storage.add(f"storm-{one}") for one in range(int(number))]
    storage.write_lists()
    state = pathlib.Path(folder) / "state"
    with ThreadPoolExecutor(int(at_once)) as pool:
        errors = [error for error in pool.map(
            lambda one: run(runtime, state, storage.bundle(one), one), identities) if error]
    if errors:
        raise SystemExit(f"{len(errors)} containers failed, the first: {errors[0]}")
    print(f"{len(identities)} containers have run")


if __name__ == "__main__":
    main()
