# SPDX-License-Identifier: Apache-2.0
"""The small programs of this folder: what cases do that a shell has no command for. One C file each,
built without shared libraries, so that they run on the host, in a container and in a virtual machine
alike."""

import pathlib
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
COMPILER = ("cc", "-std=gnu11", "-O1", "-static", "-Wall", "-Wextra", "-Werror")
# Of programs whose name ends in 32: without a C library, which 32-bit programs seldom have here.
FOR_32_BITS = ("-m32", "-nostdlib", "-ffreestanding", "-fno-pic", "-fno-stack-protector")
IN_CONTAINER = "/saker"  # the folder that has them there


class ProgramError(Exception):
    """A program cannot be built; says why."""


def names():
    return sorted(path.stem for path in HERE.glob("*.c"))


def build(folder):
    """Builds into the folder what is missing or older than its source."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.which(COMPILER[0]) is None:
        raise ProgramError(f"no command {COMPILER[0]}")
    for name in names():
        source, program = HERE / f"{name}.c", folder / name
        if program.exists() and program.stat().st_mtime >= source.stat().st_mtime:
            continue
        options = FOR_32_BITS if name.endswith("32") else ()
        done = subprocess.run([*COMPILER, *options, "-o", str(program), str(source)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            raise ProgramError(f"{source.name}: {done.stderr.strip()}")
    return folder
