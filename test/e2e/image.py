# SPDX-License-Identifier: Apache-2.0
"""A container image as an archive that every runtime can load, made of a root file system."""

import hashlib
import io
import json
import tarfile

COMMAND = ["/bin/sleep", "1000000"]


def archive(root_tar, names):
    """Bytes of a tar as `docker save` writes it, of one layer. The names are its repositories with
    tags."""
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "config": {"Cmd": COMMAND},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(root_tar).hexdigest()}"]},
    }).encode()
    manifest = json.dumps([{"Config": "config.json", "RepoTags": list(names),
                            "Layers": ["layer.tar"]}]).encode()
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, data in (("layer.tar", root_tar), ("config.json", config),
                           ("manifest.json", manifest)):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()
