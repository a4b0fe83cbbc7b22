# SPDX-License-Identifier: Apache-2.0
"""A Docker daemon (the machine's, or our own for the length of the run), an image, containers."""

import io
import os
import pathlib
import shutil
import signal
import subprocess
import tarfile
import tempfile

import lines
import machine
import process

SECONDS = 120  # for each command of the client, on a busy machine
STORAGE_DRIVERS = ("overlay2", "vfs")
READY_PATTERN = "API listen on"

# What cases read and write in a container beside busybox itself: path, mode, content.
FILES = (
    ("etc/passwd", 0o644, "root:x:0:0:root:/root:/bin/sh\n"
                          "www-data:x:33:33:www-data:/var/www:/bin/sh\n"
                          "nobody:x:65534:65534:nobody:/:/bin/sh\n"),
    ("etc/group", 0o644, "root:x:0:\nwww-data:x:33:\nnogroup:x:65534:\n"),
    ("etc/shadow", 0o640, "root:*:20000:0:99999:7:::\n"),
    ("etc/hostname", 0o644, "container\n"),
    ("etc/sudoers", 0o440, "root ALL=(ALL:ALL) ALL\n"),
    ("etc/pam.d/common-account", 0o644, "account required pam_permit.so\n"),
    ("root/.profile", 0o644, "export LANG=C.UTF-8\n"),
    ("root/.bash_history", 0o600, "ls\n"),
    ("var/log/auth.log", 0o640, "a line\n"),
)
FOLDERS = (("tmp", 0o1777), ("root", 0o700), ("proc", 0o555), ("sys", 0o555), ("dev", 0o755),
           ("run", 0o755), ("home", 0o755), ("var", 0o755), ("var/log", 0o755), ("etc", 0o755),
           ("etc/pam.d", 0o755), ("bin", 0o755), ("sbin", 0o755), ("usr", 0o755),
           ("usr/bin", 0o755), ("usr/sbin", 0o755), ("usr/local", 0o755), ("usr/local/bin", 0o755),
           ("lib64", 0o755))
# This machine's, which can run busybox.
LOADER = pathlib.Path("/lib64/ld-linux-x86-64.so.2")


class DockerError(Exception):
    """Docker did not do what a case needs; says why."""


class NoDocker(DockerError):
    """This machine has no Docker, or none that starts: a reason to skip, as no other error is."""


def find(name):
    path = shutil.which(name, path=machine.PATH)
    if path is None:
        raise NoDocker(f"no command {name}")
    return path


def add(tar, name, mode, kind=tarfile.REGTYPE, data=b"", target=""):
    entry = tarfile.TarInfo(name)
    entry.type, entry.mode, entry.size, entry.linkname = kind, mode, len(data), target
    tar.addfile(entry, io.BytesIO(data))


def image_tar(programs, programs_folder):
    """A root file system: busybox under all its names, the files above, the dynamic loader, and the
    tests' programs."""
    busybox = find("busybox")
    names = subprocess.run([busybox, "--list-full"], stdin=subprocess.DEVNULL, check=True,
                           capture_output=True, text=True).stdout.split()
    names = sorted(set(names) - {"bin/busybox"})
    if "bin/sh" not in names:
        raise DockerError(f"{busybox} has no shell")
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, mode in FOLDERS:
            add(tar, name, mode, tarfile.DIRTYPE)
        add(tar, "bin/busybox", 0o755, data=pathlib.Path(busybox).read_bytes())
        for name in names:
            add(tar, name, 0o777, tarfile.SYMTYPE, target="/bin/busybox")
        for name, mode, text in FILES:
            add(tar, name, mode, data=text.encode())
        if LOADER.exists():
            add(tar, str(LOADER).strip("/"), 0o755, data=LOADER.read_bytes())
        for path in sorted(programs.iterdir()):
            add(tar, f"{programs_folder.strip('/')}/{path.name}", 0o755, data=path.read_bytes())
    return buffer.getvalue()


class Daemon:
    """A dockerd of our own: private folders and socket, no bridge, no firewall rules, since both
    may be forbidden here. Containers have no network, or the host's."""

    def __init__(self):
        # A short path: a socket's name has room for 107 bytes.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="saker-dockerd-", dir="/tmp"))
        self.address = f"unix://{self.folder}/docker.sock"
        self._process = None

    def start(self):
        """Returns when the daemon answers; NoDocker with the end of its log if it never does."""
        reasons = []
        for driver in STORAGE_DRIVERS:
            reason = self._start_with(driver)
            if reason is None:
                return
            reasons.append(f"{driver}: {reason}")
        raise NoDocker("dockerd does not start: " + "; ".join(reasons))

    def _start_with(self, driver):
        self._process = subprocess.Popen(
            [find("dockerd"), "--data-root", f"{self.folder}/data", "--exec-root",
             f"{self.folder}/exec", "--pidfile", f"{self.folder}/dockerd.pid", "--host",
             self.address, "--storage-driver", driver, "--bridge=none", "--iptables=false",
             "--ip6tables=false", "--ip-masq=false"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={"PATH": machine.PATH}, start_new_session=True,
            preexec_fn=process.die_with_parent(signal.SIGTERM))
        log = lines.Lines(self._process.stderr)
        try:
            log.wait_for(READY_PATTERN, SECONDS)
            return None
        except (EOFError, TimeoutError):
            self._end()
            return " ".join(log.slice()[-1:]) or "no log"

    def _end(self):
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def stop(self):
        """Ends the daemon, and its containerd with it; leaves nothing mounted and no file."""
        self._end()
        mounts = [line.split()[1] for line in pathlib.Path("/proc/self/mounts").read_text().splitlines()]
        for mount in reversed(mounts):
            if mount.startswith(f"{self.folder}/"):
                subprocess.run(["umount", mount], stdin=subprocess.DEVNULL, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class Docker:
    """The client, bound to one daemon, and the image that all containers are made of."""

    def __init__(self):
        self._client = find("docker")
        self._daemon = None
        self._containers = []
        self.environment = {"PATH": machine.PATH}
        self.image = f"saker-e2e:{os.getpid()}"

    def open(self, programs, programs_folder):
        """Finds or starts a daemon and makes the image, with the programs of the first folder in
        the second."""
        address = os.environ.get("DOCKER_HOST")
        if address:
            self.environment["DOCKER_HOST"] = address
        if self.call("info", check=False).returncode != 0:
            self._daemon = Daemon()
            self._daemon.start()
            self.environment["DOCKER_HOST"] = self._daemon.address
        self.call("import", "-", self.image, data=image_tar(programs, programs_folder))

    def call(self, *arguments, data=b"", check=True):
        try:
            done = subprocess.run([self._client, *arguments], input=data, capture_output=True,
                                  env=self.environment, timeout=SECONDS)
        except subprocess.TimeoutExpired as late:
            raise DockerError(f"docker {arguments[0]}: no answer in {SECONDS} s") from late
        if check and done.returncode != 0:
            reason = done.stderr.decode(errors="replace").strip()
            raise DockerError(f"docker {arguments[0]}: {reason}")
        return done

    def start_container(self, options=()):
        """The 64-digit id of a new container that does nothing until it is removed."""
        done = self.call("run", "--detach", "--network", "none", *options, self.image,
                         "/bin/sleep", "1000000")
        identity = done.stdout.decode().strip()
        self._containers.append(identity)
        return identity

    def remove_container(self, identity):
        self._containers.remove(identity)
        self.call("rm", "--force", identity, check=False)

    def exec_command(self, identity, arguments, env, user, folder, options=()):
        """The command line of `docker exec`."""
        command = [self._client, "exec", *options, "--user", user, "--workdir", folder]
        for name, value in env.items():
            command += ["--env", f"{name}={value}"]
        return [*command, identity, *arguments]

    def close(self):
        """Removes the containers, the image, and a daemon of our own."""
        try:
            for identity in list(self._containers):
                self.remove_container(identity)
            self.call("image", "rm", "--force", self.image, check=False)
        finally:
            if self._daemon:
                self._daemon.stop()
