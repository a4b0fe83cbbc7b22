# SPDX-License-Identifier: Apache-2.0
"""Compares alerts with the patterns of a case.

A pattern is a map: `rule`, `priority`, `source`, `output`, `line` (the alert as printed) and
`fields` (a map by field name), each with a matcher. An empty pattern fits every alert. With `times`,
just so many alerts must fit it, and not at least one. A matcher is

    a scalar        equal, compared as text
    {matches: RE}   the regular expression is found in it
    {contains: X}   X is a part of it
    {not: M}        it is there, and the matcher M does not fit
    {exists: BOOL}  it is there (not null), or is not

Several keys in one map must all fit. What is not there, or null, fits `{exists: false}` alone.
"""

import json
import re


class Alert:
    """One line of the sensor's standard output; `data` is empty if the line is not JSON."""

    def __init__(self, line):
        self.line = line
        try:
            data = json.loads(line)
        except ValueError:
            data = None
        self.data = data if isinstance(data, dict) else {}

    def value(self, key):
        return self.line if key == "line" else self.data.get(key)

    def field(self, name):
        return (self.data.get("output_fields") or {}).get(name)


def as_text(value):
    """A JSON or YAML value as the text that is compared."""
    return value if isinstance(value, str) else json.dumps(value)


def fits(matcher, value):
    if not isinstance(matcher, dict):
        return value is not None and as_text(value) == as_text(matcher)
    return all(OPERATORS[key](wanted, value) for key, wanted in matcher.items())


OPERATORS = {
    "matches": lambda wanted, value: value is not None and bool(re.search(wanted, as_text(value))),
    "contains": lambda wanted, value: value is not None and as_text(wanted) in as_text(value),
    "not": lambda wanted, value: value is not None and not fits(wanted, value),
    "exists": lambda wanted, value: (value is not None) == wanted,
}
ALERT_KEYS = ("rule", "priority", "source", "output", "line")


def differences(pattern, alert):
    """Where an alert does not fit a pattern, a line each; none if it fits."""
    pairs = [(key, pattern[key], alert.value(key)) for key in ALERT_KEYS if key in pattern]
    pairs += [(name, matcher, alert.field(name))
              for name, matcher in (pattern.get("fields") or {}).items()]
    return [f"{name} is {as_text(value)}, not {as_text(matcher)}"
            for name, matcher, value in pairs if not fits(matcher, value)]


def fitting(pattern, alerts):
    """How many alerts fit a pattern."""
    return sum(1 for alert in alerts if not differences(pattern, alert))


def check_matcher(matcher, where):
    """Raises ValueError for a matcher that can never have been meant."""
    if isinstance(matcher, list) or matcher is None:
        raise ValueError(f"{where}: a matcher is a scalar or a map of {', '.join(OPERATORS)}")
    if not isinstance(matcher, dict):
        return
    for key, wanted in matcher.items():
        if key not in OPERATORS:
            raise ValueError(f"{where}: no operator '{key}'; operators: {', '.join(OPERATORS)}")
        if key == "matches":
            re.compile(wanted)
        elif key == "not":
            check_matcher(wanted, where)
        elif key == "exists" and not isinstance(wanted, bool):
            raise ValueError(f"{where}: exists is true or false")


def check_pattern(pattern, where):
    """Raises ValueError for an unknown key or a wrong matcher."""
    if not isinstance(pattern, dict):
        raise ValueError(f"{where}: an alert's pattern is a map")
    for key, matcher in pattern.items():
        if key in ALERT_KEYS:
            check_matcher(matcher, f"{where}: {key}")
        elif key == "times":
            if type(matcher) is not int or matcher < 1:
                raise ValueError(f"{where}: times is a number")
        elif key != "fields":
            raise ValueError(f"{where}: no key '{key}' in an alert's pattern")
    for name, matcher in (pattern.get("fields") or {}).items():
        check_matcher(matcher, f"{where}: {name}")


def fill(pattern, words):
    """The pattern with $WORD replaced by its value in every text, for the words given."""
    if isinstance(pattern, dict):
        return {key: fill(value, words) for key, value in pattern.items()}
    if isinstance(pattern, list):
        return [fill(value, words) for value in pattern]
    if isinstance(pattern, str):
        return re.sub(r"\$(%s)\b" % "|".join(words), lambda found: words[found[1]], pattern)
    return pattern
