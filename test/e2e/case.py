# SPDX-License-Identifier: Apache-2.0
"""The cases: what stands in test/e2e/*.yaml.

A file is a list of cases, or a map of `sensor` and `cases` for cases that need a sensor of their
own. A case:

    - name: cat reads /etc/shadow    unique among all files
      where: host                    host (default) or container
      tty: true                      on a pseudo-terminal (docker exec -it); default false
      user: nobody                   default root
      fresh: true                    in a container of its own; default false
      options: [--cap-add, SYS_ADMIN]  docker run's options for that container; implies fresh
      needs: [nc]                    else the case is skipped: a command in the place where it runs,
                                     a /path, a capability of ours (cap_sys_admin), `docker`, or
                                     `image`: an archive of an image (IMAGE_ARCHIVE)
      setup: |                       a script, before; what it raises is not judged
      run: |                         the script that is judged
      cleanup: |                     a script, afterwards
      exit: 1                        exit status of `run`; default 0; `any` if it does not matter
      prints: {contains: x}          a matcher on all that `run` printed
      expect: [PATTERN...]           each fits at least one alert that was raised while `run` ran
      reject: [PATTERN...]           none fits any
      fails: REASON                  its alerts are known to be wrong, and why: counted as skipped;
                                     if they are right it has failed

Scripts run with `sh -e` in a fresh, empty folder; patterns and matchers are explained in match.py.
Words, as variables in scripts and as $WORD in patterns:

    PWD           the folder where the script runs
    CASE          a unique word, for names
    PROGRAMS      the folder of the built programs of programs/, which PATH has too
    SAKER         the binary (on the host)
    TESTS         this folder (on the host)
    IMAGE_ARCHIVE registry.example/team/cart:3.1 as `docker save` writes it (with `image` among the
                  needs)
    IMAGE         the container image (in a container, or with `docker` among the needs)
    CONTAINER, CONTAINER_ID   64 and 12 digits of the container's id (in a container)

A sensor:

    sensor:
      options: [rule_matching=first]   each an -o; json_output=true and rule_matching=all if not said
      arguments: [-p, x]               other arguments
      rules: [rules/x.yaml, "text"]    paths from the top of the tree, or (several lines) rules
      user: nobody                     default root
      capabilities: [bpf, perfmon]     of that user; default none
      log: [MATCHER...]                each must fit a line of its log
"""

import dataclasses
import pathlib

import yaml

import match

DEFAULT_RULES = ("rules/saker_rules.yaml",)


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    run: str
    where: str = "host"
    tty: bool = False
    user: str = "root"
    fresh: bool = False
    options: tuple = ()
    needs: tuple = ()
    setup: str = ""
    cleanup: str = ""
    exit: object = 0
    prints: object = None
    expect: tuple = ()
    reject: tuple = ()
    fails: str = ""


@dataclasses.dataclass(frozen=True)
class SensorSpec:
    name: str
    options: tuple = ()
    arguments: tuple = ()
    rules: tuple = DEFAULT_RULES
    user: str = "root"
    capabilities: tuple = ()
    log: tuple = ()


def build(kind, data, where):
    """A dataclass from a map of the YAML file; lists become tuples. ValueError names what is wrong."""
    if not isinstance(data, dict):
        raise ValueError(f"{where}: a map is needed")
    known = {field.name: field for field in dataclasses.fields(kind)}
    for key, value in data.items():
        if key not in known:
            raise ValueError(f"{where}: no key '{key}'")
        default = known[key].default
        if isinstance(default, (str, bool, tuple)):
            wanted = list if isinstance(default, tuple) else type(default)
            if not isinstance(value, wanted):
                raise ValueError(f"{where}: {key} must be of type {wanted.__name__}")
    for field in known.values():
        if field.default is dataclasses.MISSING and field.name not in data:
            raise ValueError(f"{where}: {field.name} is missing")
    return kind(**{key: tuple(value) if isinstance(value, list) else value
                   for key, value in data.items()})


def build_case(data, where):
    name = data.get("name") if isinstance(data, dict) else None
    where = f"{where}: {name}" if name else where
    case = build(Case, data, where)
    if case.where not in ("host", "container"):
        raise ValueError(f"{where}: where must be host or container")
    if not (case.expect or case.reject or case.prints or "exit" in data):
        raise ValueError(f"{where}: nothing is expected, so nothing is tested")
    if case.exit != "any" and type(case.exit) is not int:
        raise ValueError(f"{where}: exit must be a number or `any`")
    for pattern in (*case.expect, *case.reject):
        match.check_pattern(pattern, where)
    if case.prints is not None:
        match.check_matcher(case.prints, where)
    return case


def parse(text, name):
    """(SensorSpec or None, [Case]) of one file."""
    try:
        data = yaml.safe_load(text) or []
    except yaml.YAMLError as error:
        raise ValueError(f"{name}: {error}") from error
    spec = None
    if isinstance(data, dict):
        extra = set(data) - {"sensor", "cases"}
        if extra:
            raise ValueError(f"{name}: no key '{extra.pop()}'")
        spec = build(SensorSpec, {"name": pathlib.Path(name).stem, **data.get("sensor", {})},
                     f"{name}: sensor")
        for matcher in spec.log:
            match.check_matcher(matcher, f"{name}: log")
        data = data.get("cases") or []
    return spec, [build_case(item, name) for item in data]


def load(folder):
    """[(SensorSpec, [Case])]: first the sensor that most files share, then those of single files."""
    shared, groups, seen = [], [], set()
    for path in sorted(pathlib.Path(folder).glob("*.yaml")):
        spec, cases = parse(path.read_text(), path.name)
        for case in cases:
            if case.name in seen:
                raise ValueError(f"{path.name}: a second case named '{case.name}'")
            seen.add(case.name)
        if spec:
            groups.append((spec, cases))
        else:
            shared += cases
    return [(SensorSpec("default"), shared), *groups]
