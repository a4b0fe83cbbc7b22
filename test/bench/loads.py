#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the sensor costs a machine that works: elapsed time and cpu time of three loads with the
default rules, and without a sensor.

    test/bench/loads.py [--rounds N] [--files N] [--sources N] [--requests N]

compile   C++ files, as many at a time as there are cpus
find      every file of a tree is looked for and read (find | xargs cat)
redis     redis-benchmark asks a server on the loopback

A round does each load once with and once without the sensor, in turns. The cpu time is that of the
whole machine, the sensor's too: nothing else should run.
Exit status 2: the sensor cannot run on this machine, or a program is missing.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

import attached
import report

TICKS = os.sysconf("SC_CLK_TCK")
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


def shell(command, folder):
    subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


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
        server.terminate()
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


def medians(spent):
    return [statistics.median(part) for part in zip(*spent)]


def run(loads, rounds):
    rows = [["seconds", "elapsed", "with sensor", "", "cpu", "with sensor", "", "lost"]]
    for name, load in loads.items():
        load()  # warms up
        spent, lost = {False: [], True: []}, 0
        for number in range(rounds):
            for with_sensor in (False, True) if number % 2 == 0 else (True, False):
                lost += measure(load, with_sensor, spent[with_sensor])
        row = [name]
        for bare, full in zip(medians(spent[False]), medians(spent[True])):
            row += [f"{bare:.2f}", f"{full:.2f}", f"{100 * (full / bare - 1):+.1f} %"]
        rows.append([*row, str(lost)])
    report.table(rows)


def loads_of(arguments, folder, port):
    make_sources(folder / "sources", arguments.sources)
    make_tree(folder / "tree", arguments.files)
    ask = [REDIS_BENCHMARK, "-q", "-p", str(port), "-n", str(arguments.requests), "-t", "set,get"]
    return {
        f"compile {arguments.sources} C++ files": lambda: compile_all(folder / "sources"),
        f"find | xargs cat, {arguments.files} files": lambda: read_all(folder / "tree"),
        f"redis-benchmark, 2 x {arguments.requests} requests":
            lambda: subprocess.run(ask, check=True, stdout=subprocess.DEVNULL),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=50000)
    parser.add_argument("--sources", type=int, default=12)
    parser.add_argument("--requests", type=int, default=200000)
    arguments = parser.parse_args()
    missing = [name for name in ("c++", REDIS_PROGRAM, REDIS_BENCHMARK) if not shutil.which(name)]
    try:
        if missing:
            raise attached.CannotRun(f"no {', '.join(missing)}")
        with tempfile.TemporaryDirectory() as name, redis_server(name) as port:
            loads = loads_of(arguments, pathlib.Path(name), port)
            print(f"{arguments.rounds} rounds; medians\n")
            run(loads, arguments.rounds)
    except (attached.CannotRun, subprocess.CalledProcessError) as error:
        print(f"loads.py: cannot measure: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
