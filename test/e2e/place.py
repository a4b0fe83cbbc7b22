# SPDX-License-Identifier: Apache-2.0
"""Where a case's scripts run. A place makes the case's folder, runs scripts in it, clears it away.

The script to be judged is read from a file: on a command line its text would stand in proc.cmdline,
and a rule that looks for a word there would match the shell."""

import itertools
import os
import pathlib
import pwd
import shutil

import machine
import process

SECONDS = 120  # for one script, on a busy machine


def search_path(words):
    return f"{machine.PATH}:{words['PROGRAMS']}"


class Host:
    def __init__(self, case, folder, words, env):
        self._case = case
        self._base = pathlib.Path(folder)
        self._folder = self._base / "work"
        self.words = {**words, "PWD": str(self._folder)}
        self._env = {**env, **self.words, "PATH": search_path(words), "LANG": "C.UTF-8",
                     "HOME": "/root", "USER": case.user}

    def why_not_met(self, need):
        """Why a command that the case needs is not to be had here, or None."""
        missing = machine.is_command(need) and not shutil.which(need, path=self._env["PATH"])
        return f"no command {need}" if missing else None

    def prepare(self):
        """Makes the folder and the script, and runs the case's set-up."""
        self._folder.mkdir(parents=True)
        user = pwd.getpwnam(self._case.user)
        os.chown(self._folder, user.pw_uid, user.pw_gid)
        (self._base / "run.sh").write_text(self._case.run)
        return self._script("setup", self._case.setup)

    def run(self):
        return process.run(["/bin/sh", "-e", str(self._base / "run.sh")], self._env,
                           cwd=self._folder, user=self._case.user, tty=self._case.tty,
                           seconds=SECONDS)

    def clean(self):
        outcome = self._script("cleanup", self._case.cleanup)
        shutil.rmtree(self._base, ignore_errors=True)
        return outcome

    def _script(self, name, text):
        path = self._base / f"{name}.sh"
        path.write_text(text)
        return process.run(["/bin/sh", "-e", str(path)], self._env, cwd=self._folder,
                           seconds=SECONDS)


class Container:
    """Set-up and clean-up run inside too, as root."""

    _numbers = itertools.count(1)

    def __init__(self, case, docker, identity, words):
        self._case = case
        self._docker = docker
        self._identity = identity
        self._base = f"/tmp/case{next(self._numbers):06}"
        self._folder = f"{self._base}/work"
        self.words = {**words, "PWD": self._folder}

    def why_not_met(self, need):
        if not machine.is_command(need):
            return None
        done = self._exec(["/bin/sh", "-c", f"command -v '{need}'"], "/", "root", "")
        return None if done.status == 0 else f"no command {need} in the container"

    def prepare(self):
        make = f"mkdir -p {self._folder}\nchown {self._case.user} {self._folder}\n"
        return self._script("setup", self._case.setup, make + self._write("run", self._case.run))

    def run(self):
        return self._exec(["/bin/sh", "-e", f"{self._base}/run.sh"], self._folder,
                          self._case.user, "", self._case.tty)

    def clean(self):
        if not self._case.cleanup:
            return process.Outcome(0, "")  # the container itself goes in the end
        return self._script("cleanup", self._case.cleanup)

    def _write(self, name, text):
        """Shell text that writes a script."""
        return f"cat > {self._base}/{name}.sh <<'SAKER_END'\n{text}\nSAKER_END\n"

    def _script(self, name, text, before=""):
        steps = (f"{before}{self._write(name, text)}cd {self._folder}\n"
                 f"exec /bin/sh -e {self._base}/{name}.sh </dev/null\n")
        return self._exec(["/bin/sh", "-e"], "/", "root", steps)

    def _exec(self, arguments, folder, user, stdin, tty=False):
        options = (["--interactive"] if tty or stdin else []) + (["--tty"] if tty else [])
        env = {**self.words, "PATH": search_path(self.words)}
        command = self._docker.exec_command(self._identity, arguments, env, user, folder, options)
        return process.run(command, self._docker.environment, tty=tty, stdin=stdin, seconds=SECONDS)
