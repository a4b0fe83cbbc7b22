# SPDX-License-Identifier: Apache-2.0
"""Tests of the runner: a case must fail when it should. They need neither root nor BPF."""

import os
import pathlib
import pwd
import tempfile
import unittest

import case
import match
import place
import process
import sensor
import verdict

HERE = pathlib.Path(__file__).resolve().parent
ME = pwd.getpwuid(os.geteuid()).pw_name


class MatchTest(unittest.TestCase):
    def setUp(self):
        self.alert = match.Alert(
            '{"rule":"R","priority":"Warning","output":"text","output_fields":'
            '{"fd.name":"/etc/shadow","proc.tty":34816,"proc.is_x":true,"evt.res":null}}')

    def fits(self, **pattern):
        return match.differences(pattern, self.alert) == []

    def test_scalar_is_compared_as_text(self):
        self.assertTrue(self.fits(rule="R", fields={"proc.tty": 34816, "proc.is_x": True}))
        self.assertTrue(self.fits(fields={"proc.tty": "34816"}))
        self.assertFalse(self.fits(rule="r"))
        self.assertFalse(self.fits(fields={"fd.name": "/etc"}))

    def test_operators(self):
        self.assertTrue(self.fits(fields={"fd.name": {"matches": "^/etc/", "contains": "shadow"}}))
        self.assertFalse(self.fits(fields={"fd.name": {"matches": "^/etc/$"}}))
        self.assertFalse(self.fits(fields={"fd.name": {"matches": "^/etc/", "contains": "x"}}))
        self.assertTrue(self.fits(fields={"proc.tty": {"not": 0}}))
        self.assertFalse(self.fits(fields={"proc.tty": {"not": {"matches": "^34"}}}))

    def test_what_is_missing_fits_only_its_absence(self):
        for name in ("evt.res", "no.field"):
            for matcher in ("x", {"not": "x"}, {"matches": ""}, {"contains": ""}, {"exists": True}):
                self.assertFalse(self.fits(fields={name: matcher}), (name, matcher))
            self.assertTrue(self.fits(fields={name: {"exists": False}}))

    def test_line_that_is_not_json(self):
        alert = match.Alert("12:00:00.1: Warning text")
        self.assertEqual(match.differences({"line": {"contains": "Warning"}}, alert), [])
        self.assertNotEqual(match.differences({"rule": "R"}, alert), [])

    def test_wrong_patterns_are_refused(self):
        for pattern in ("R", {"rul": "R"}, {"rule": {"match": "R"}}, {"rule": ["R"]}, {"times": "2"},
                        {"fields": {"fd.name": {"exists": "yes"}}}, {"fields": {"fd.name": None}}):
            with self.assertRaises(ValueError, msg=pattern):
                match.check_pattern(pattern, "x")

    def test_words_are_filled_in(self):
        pattern = {"fields": {"fd.name": {"matches": "^$PWD/x$"}, "a": "$CASE$CASES"}}
        self.assertEqual(match.fill(pattern, {"PWD": "/tmp/1", "CASE": "c"}),
                         {"fields": {"fd.name": {"matches": "^/tmp/1/x$"}, "a": "c$CASES"}})


class CaseTest(unittest.TestCase):
    def test_defaults(self):
        spec, cases = case.parse("- {name: a, run: 'true', expect: [{rule: R}]}", "f.yaml")
        self.assertIsNone(spec)
        self.assertEqual((cases[0].where, cases[0].exit, cases[0].tty), ("host", 0, False))

    def test_sensor_of_its_own(self):
        spec, cases = case.parse(
            "sensor: {options: [rule_matching=first], user: nobody}\n"
            "cases: [{name: a, run: x, reject: [{}]}]", "own.yaml")
        self.assertEqual((spec.name, spec.options, spec.user),
                         ("own", ("rule_matching=first",), "nobody"))
        self.assertEqual(len(cases), 1)

    def test_what_is_refused(self):
        for text in ("- {name: a, run: x}", "- {name: a, expect: [{rule: R}]}",
                     "- {name: a, run: x, expct: []}", "- {name: a, run: x, expect: {rule: R}}",
                     "- {name: a, run: x, where: moon, exit: 0}", "- {name: a, run: x, exit: one}",
                     "- {name: a, run: x, tty: 1, exit: 0}", "{case: []}", "- a"):
            with self.assertRaises(ValueError, msg=text):
                case.parse(text, "f.yaml")


class ProcessTest(unittest.TestCase):
    def run_script(self, script, **arguments):
        return process.run(["/bin/sh", "-c", script], {"PATH": "/usr/bin:/bin"}, user=ME, **arguments)

    def test_status_and_output(self):
        outcome = self.run_script("echo out; echo err >&2; tty; exit 3")
        self.assertEqual((outcome.status, outcome.late), (3, False))
        self.assertEqual(outcome.output, "out\nerr\nnot a tty\n")

    def test_terminal(self):
        outcome = self.run_script("tty; exit 4", tty=True)
        self.assertEqual(outcome.status, 4)
        self.assertRegex(outcome.output, "^/dev/pts/")

    def test_background_process_does_not_hold_us_up(self):
        for tty in (False, True):
            outcome = self.run_script("sleep 1000 & echo $!", tty=tty, seconds=100)
            self.assertEqual((outcome.status, outcome.late), (0, False))

    def test_time_runs_out(self):
        for tty in (False, True):
            self.assertTrue(self.run_script("sleep 1000", tty=tty, seconds=0).late)


class EndTest(unittest.TestCase):
    LEDGER = "events: produced 5, consumed 3, lost 2"

    def judge(self, status=0, out=("alert", "", "Events detected: 1"), log=(LEDGER,), matchers=()):
        return sensor.judge_end(status, list(out), list(log), matchers)

    def test_clean_end(self):
        self.assertEqual(self.judge(matchers=[{"contains": "lost 2"}]), [])

    def test_each_fault_is_seen(self):
        self.assertTrue(self.judge(status=1))
        self.assertTrue(self.judge(out=["alert"]))
        self.assertTrue(self.judge(out=["Events detected: 1"]))
        self.assertTrue(self.judge(log=[]))
        self.assertTrue(self.judge(log=["events: produced 5, consumed 3, lost 1"]))
        self.assertTrue(self.judge(log=["events: produced 0, consumed 0, lost 0"]))
        self.assertTrue(self.judge(matchers=[{"contains": "CAP_SYS_PTRACE"}]))


class RunnerTest(unittest.TestCase):
    """Whole cases against the stand-in."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="saker-self-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def start(self, **spec):
        own = case.SensorSpec("self", **{"rules": (), **spec})
        running = sensor.Sensor(own, HERE / "stand_in.py", HERE, self.folder)
        self.addCleanup(running.stop)
        running.start()
        return running

    def judge(self, running, **keys):
        text = {"name": "n", "run": ": > /tmp/saker-e2e-$CASE; rm /tmp/saker-e2e-$CASE", **keys}
        one = case.build_case({"user": ME, **text}, "self")
        words = {"CASE": f"self{running.folder.name}", "PROGRAMS": "/nowhere"}
        return verdict.run_in_place(one, place.Host(one, self.folder / "case", words, {}), running)

    def test_verdicts(self):
        running = self.start()
        alert = {"rule": "File created", "fields": {"fd.name": "/tmp/saker-e2e-$CASE"}}
        other = {"rule": "File created", "fields": {"fd.name": "/tmp/saker-e2e-other"}}
        self.assertEqual(self.judge(running, expect=[alert], reject=[other]).failed, "")
        self.assertIn("1 alert(s) missing", self.judge(running, expect=[other]).failed)
        self.assertIn("1 alert(s) too many", self.judge(running, reject=[alert]).failed)
        self.assertEqual(self.judge(running, expect=[{**alert, "times": 1}]).failed, "")
        self.assertIn("1 alert(s) missing", self.judge(running, expect=[{**alert, "times": 2}]).failed)
        self.assertIn("exit status", self.judge(running, run="exit 7", reject=[other]).failed)
        self.assertEqual(self.judge(running, run="exit 7", exit=7).failed, "")
        self.assertIn("printed", self.judge(running, run="echo a", prints="b").failed)
        self.assertIn("set-up", self.judge(running, setup="false", expect=[alert]).failed)
        self.assertIn("clean-up", self.judge(running, cleanup="false", expect=[alert]).failed)
        self.assertEqual(running.stop(), [])

    def test_expected_failure(self):
        running = self.start()
        other = {"rule": "File created", "fields": {"fd.name": "/tmp/saker-e2e-other"}}
        known = {"fails": "not yet", "expect": [other]}
        self.assertEqual(self.judge(running, **known).skipped, "fails as expected: not yet")
        self.assertIn("no longer", self.judge(running, fails="not yet", reject=[other]).failed)
        self.assertIn("exit status", self.judge(running, run="exit 7", **known).failed)
        self.assertIn("set-up", self.judge(running, setup="false", **known).failed)

    def test_rule_that_does_not_exist(self):
        running = self.start(rules=("- {rule: Mine}\n---\n- {macro: m}\n- {rule: Other}\n",))
        one = case.build_case({"name": "n", "run": "true", "reject": [{"rule": "Nobody's"},
                                                                     {"rule": "Other"}]}, "self")
        self.assertEqual(verdict.run_case(one, None, running).failed, "no such rule: Nobody's")

    def test_what_set_up_raises_is_not_judged(self):
        running = self.start()
        script = ": > /tmp/saker-e2e-$CASE; rm /tmp/saker-e2e-$CASE"
        self.assertEqual(
            self.judge(running, setup=script, run="true", cleanup=script, reject=[{}]).failed, "")

    def test_sensor_that_never_gets_ready(self):
        with self.assertRaises(sensor.SensorError):
            self.start(options=("stand_in=mute",))

    def test_sensor_that_crashes(self):
        running = self.start(options=("stand_in=crash",))
        with self.assertRaises(sensor.SensorError):
            self.judge(running, run=": > /tmp/crash$CASE; rm /tmp/crash$CASE", exit=0)
        self.assertTrue(running.stop())

    def test_sensor_whose_figures_do_not_add_up(self):
        for fault in ("ledger", "summary"):
            running = self.start(options=(f"stand_in={fault}",))
            self.judge(running, exit=0)
            self.assertTrue(running.stop(), fault)


class Printer(unittest.TestResult):
    def __init__(self, report):
        super().__init__()
        self._report = report

    @staticmethod
    def name(test):
        return "runner: " + test.id().removeprefix("self_test.")

    def addSuccess(self, test):
        self._report.ok(self.name(test))

    def addFailure(self, test, error):
        self._report.fail(self.name(test), str(error[1]).splitlines()[0],
                          self._exc_info_to_string(error, test).splitlines())

    addError = addFailure


def run(report):
    unittest.defaultTestLoader.loadTestsFromName(__name__).run(Printer(report))
