# SPDX-License-Identifier: Apache-2.0
"""Runs one case and judges it."""

import dataclasses

import docker
import machine
import match


@dataclasses.dataclass(frozen=True)
class Verdict:
    """How a case came out: skipped or failed with a reason, or neither."""
    skipped: str = ""
    failed: str = ""
    detail: tuple = ()


def judge_script(case, outcome):
    """What is wrong with the script itself, or an empty text."""
    if outcome.late:
        return "the script did not end in time"
    if case.exit != "any" and outcome.status != case.exit:
        return f"exit status {outcome.status}, not {case.exit}"
    if case.prints is not None and not match.fits(case.prints, outcome.output):
        return f"what it printed does not fit {case.prints}"
    return ""


def judge_alerts(case, words, alerts):
    """(reason or empty text, detail): what alerts are missing, and which should not be there."""
    missing, detail = 0, []
    for pattern in match.fill(list(case.expect), words):
        nearest = sorted((match.differences(pattern, alert) for alert in alerts), key=len)
        times = match.fitting(pattern, alerts)
        if times == 0 or times != pattern.get("times", times):
            missing += 1
            detail.append(f"expected: {match.as_text(pattern)}, fitted by {times}")
            detail += [f"  nearest alert: {line}" for line in (nearest[0] if nearest else [])]
    wrong = 0
    for pattern in match.fill(list(case.reject), words):
        for alert in alerts:
            if not match.differences(pattern, alert):
                wrong += 1
                detail += [f"rejected: {match.as_text(pattern)}", f"  by: {alert.line}"]
    reasons = [f"{missing} alert(s) missing"] * bool(missing)
    reasons += [f"{wrong} alert(s) too many"] * bool(wrong)
    return ", ".join(reasons), detail


def run_case(case, session, running):
    """The case's verdict. SensorError if the sensor cannot go on."""
    unknown = unknown_rules(case, running.rule_names)
    if unknown:
        return Verdict(failed=f"no such rule: {', '.join(unknown)}")
    reason = why_not_met(case.needs, machine)
    if reason:
        return Verdict(skipped=reason)
    try:
        with session.place(case) as where:
            reason = why_not_met(case.needs, where)
            return Verdict(skipped=reason) if reason else run_in_place(case, where, running)
    except docker.NoDocker as error:
        return Verdict(skipped=str(error))
    except docker.DockerError as error:
        return Verdict(failed=str(error))


def unknown_rules(case, names):
    """Rules that the case names and the sensor has not: a pattern that no alert can ever fit."""
    named = [pattern.get("rule") for pattern in (*case.expect, *case.reject)]
    return [name for name in named if isinstance(name, str) and name not in names]


def why_not_met(needs, asked):
    """The first reason why the machine, or the place where the case runs, lacks one of the needs."""
    return next((reason for reason in map(asked.why_not_met, needs) if reason), None)


def run_in_place(case, where, running):
    prepared = where.prepare()
    try:
        if prepared.status != 0:
            return Verdict(failed=f"set-up: exit status {prepared.status}",
                           detail=tuple(prepared.output.splitlines()))
        begin = running.mark()
        outcome = where.run()
        end = running.mark()
    finally:
        cleaned = where.clean()
    alerts = [match.Alert(line) for line in running.between(begin, end)]
    reason, detail = judge_alerts(case, where.words, alerts)
    if case.fails and reason and not judge_script(case, outcome) and cleaned.status == 0:
        return Verdict(skipped=f"fails as expected: {case.fails}")
    reason = judge_script(case, outcome) or reason
    if not reason and cleaned.status != 0:
        reason = f"clean-up: exit status {cleaned.status}"
        detail = cleaned.output.splitlines()
    if not reason and case.fails:
        return Verdict(failed=f"no longer fails, though it says: {case.fails}")
    if not reason:
        return Verdict()
    detail += ["it printed:", *("  " + line for line in outcome.output.splitlines())]
    detail += [f"alerts: {len(alerts)}", *("  " + alert.line for alert in alerts)]
    return Verdict(failed=reason, detail=tuple(detail))
