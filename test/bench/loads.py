#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the sensor costs a machine that works: elapsed time and cpu time of three loads with the
default rules, and without a sensor.

    test/bench/loads.py [--seconds N] [--files N] [--sources N] [--requests N]

compile   C++ files, as many at a time as there are cpus
find      every file of a tree is looked for and read (find | xargs cat)
redis     redis-benchmark asks a server on the loopback

A round does a load once with and once without the sensor, in turns. There are as many rounds of
each as fit into its share of the time, three at least and nine at most. A change is the median of
those of the rounds, and in brackets their lowest and highest: what lies within them may be chance.
The cpu time is that of the whole machine, the sensor's too: nothing else should run, and how busy
it was before is said.
Exit status 2: the sensor cannot run on this machine, or a program is missing.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import attached
import report

TICKS = os.sysconf("SC_CLK_TCK")
ROUNDS = (3, 9)
# For a program to do what it is told, in seconds.
PATIENCE = 600
# The server is the same program as redis-check-rdb, by its first argument: so there is no need of
# the package redis-server, which would start one for good.
REDIS_PROGRAM, REDIS_BENCHMARK = "redis-check-rdb", "redis-benchmark"
SOURCE = """#include <algorithm>
#include <map>
#include <regex>
#include <string>
#include <vector>
std::vector<std::string> words{number}(const std::map<std::string, int>& counts) {{
    std::vector<std::string> words;
    for (const auto& [word, count] : counts)
        if (std::regex_match(word, std::regex("[a-z]+{number}"))) words.push_back(word);
    std::sort(words.begin(), words.end());
    return words;
}}
"""


def temporary_folder():
    return tempfile.TemporaryDirectory(prefix="saker-bench-")


def make_sources(folder, number):
    folder.mkdir()
    for i in range(number):
        (folder / f"source{i}.cpp").write_text(SOURCE.format(number=i))


def make_tree(folder, number):
    """Folders of 100 files of some lines."""
    for i in range(number):
        path = folder / f"{i // 10000}" / f"{i // 100 % 100}" / f"{i}"
        if i % 100 == 0:
            path.parent.mkdir(parents=True)
        path.write_text(f"file {i}\n" * 8)


def run_program(command, **more):
    """If we are to end before it does, nothing that it started goes on."""
    until_all_end, inherited = os.pipe()
    program = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               start_new_session=True, pass_fds=(inherited,), **more)
    os.close(inherited)
    try:
        status = program.wait(PATIENCE)
    except BaseException:
        os.killpg(program.pid, signal.SIGKILL)
        os.read(until_all_end, 1)
        raise
    finally:
        os.close(until_all_end)
    if status != 0:
        raise subprocess.CalledProcessError(status, command)


def shell(command, folder):
    """What it makes, temporary files too, lies in the folder."""
    run_program(["bash", "-o", "pipefail", "-c", command], cwd=folder,
                env={**os.environ, "TMPDIR": str(folder)})


def compile_all(folder):
    shell(f"printf '%s\\0' *.cpp | xargs -0 -n 1 -P {os.cpu_count()} c++ -O1 -c", folder)


def read_all(folder):
    shell("find . -type f -print0 | xargs -0 -n 100 cat", folder)


@contextlib.contextmanager
def redis_server(folder):
    """Gives its port. It keeps nothing, and ends with the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
         "--dir", str(folder)], executable=shutil.which(REDIS_PROGRAM),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        if not any("eady to accept connections" in line for line in server.stdout):
            raise attached.CannotRun("redis-server does not start")
        yield port
    finally:
        server.kill()  # it has nothing to keep
        server.communicate()


def cpu_seconds():
    """That the machine has worked: all but idle and waiting."""
    first = pathlib.Path("/proc/stat").read_text().split("\n", 1)[0]
    user, nice, system, _, _, irq, softirq, *_ = map(int, first.split()[1:])
    return (user + nice + system + irq + softirq) / TICKS


def measure(load, with_sensor, spent):
    """Does it once, and appends (elapsed, cpu time) in seconds. Returns how many events were lost."""
    with attached.sensor() if with_sensor else contextlib.nullcontext() as sensor:
        cpu, start = cpu_seconds(), time.monotonic()
        load()
        spent.append((time.monotonic() - start, cpu_seconds() - cpu))
    return sensor.lost if with_sensor else 0


def rounds_in(seconds, load):
    """How many fit. What it finds out by is the load itself, which is warm afterwards."""
    load()
    start = time.monotonic()
    load()
    once = time.monotonic() - start
    fewest, most = ROUNDS
    return max(fewest, min(most, int(seconds / (2 * once))))


def columns(bare, full):
    """Of elapsed or of cpu time, by rounds."""
    changes = [100 * (with_sensor / without - 1) for without, with_sensor in zip(bare, full)]
    return [f"{statistics.median(bare):.2f}", f"{statistics.median(full):.2f}",
            f"{statistics.median(changes):+.1f} % ({min(changes):+.1f} .. {max(changes):+.1f})"]


def run(loads, seconds):
    rows = [["", "rounds", "elapsed", "with sensor", "change", "cpu", "with sensor", "change",
             "lost"]]
    for name, load in loads.items():
        spent, lost = {False: [], True: []}, 0
        rounds = rounds_in(seconds / len(loads), load)
        for number in range(rounds):
            for with_sensor in (False, True) if number % 2 == 0 else (True, False):
                lost += measure(load, with_sensor, spent[with_sensor])
        row = [name, str(rounds)]
        for bare, full in zip(zip(*spent[False]), zip(*spent[True])):
            row += columns(bare, full)
        rows.append([*row, str(lost)])
    report.table(rows)


def busy_percent(seconds=2):
    """How busy the machine is with what others do."""
    before = cpu_seconds()
    time.sleep(seconds)
    return 100 * (cpu_seconds() - before) / seconds / os.cpu_count()


def loads_of(arguments, folder, port):
    make_sources(folder / "sources", arguments.sources)
    make_tree(folder / "tree", arguments.files)
    ask = [REDIS_BENCHMARK, "-q", "-p", str(port), "-n", str(arguments.requests), "-t", "set,get"]
    return {
        f"compile {arguments.sources} C++ files": lambda: compile_all(folder / "sources"),
        f"find | xargs cat, {arguments.files} files": lambda: read_all(folder / "tree"),
        f"redis-benchmark, 2 x {arguments.requests} requests":
            lambda: run_program(ask),
    }


def main():
    attached.clean_up_on_signals()
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=270, help="for all loads together")
    parser.add_argument("--files", type=int, default=50000)
    parser.add_argument("--sources", type=int, default=12)
    parser.add_argument("--requests", type=int, default=200000)
    arguments = parser.parse_args()
    missing = [name for name in ("c++", REDIS_PROGRAM, REDIS_BENCHMARK) if not shutil.which(name)]
    try:
        if missing:
            raise attached.CannotRun(f"no {', '.join(missing)}")
        with temporary_folder() as name, redis_server(name) as port:
            loads = loads_of(arguments, pathlib.Path(name), port)
            print(f"the machine was {busy_percent():.0f} % busy before; medians, in seconds\n",
                  flush=True)
            run(loads, arguments.seconds)
    except (attached.CannotRun, subprocess.SubprocessError, OSError) as error:
        print(f"loads.py: cannot measure: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
