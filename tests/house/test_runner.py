#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The runner counts what it must: each way for a suite to go wrong is a failure."""
import json
import os
import subprocess
import sys
import tempfile

from tap import Tap

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FINE = "print('ok 1 - a'); print('ok 2 - b'); print('1..2')"


def run(scripts, executables=(), only=None, limit=20):
    """Runs tests/run on a tree with these Python suites; exit status, last line, output."""
    with tempfile.TemporaryDirectory() as build:
        os.makedirs(os.path.join(build, 'meson-info'))
        os.makedirs(os.path.join(build, 'tests'))
        targets = []
        for name, text in executables:
            path = os.path.join(build, 'tests', name)
            if text is not None:
                with open(path, 'w', encoding='utf-8') as f:
                    f.write('#!/bin/sh\n' + text)
                os.chmod(path, 0o755)
            targets.append({'type': 'executable', 'filename': [path]})
        stale = os.path.join(build, 'tests', 'test_stale')
        with open(stale, 'w', encoding='utf-8') as f:
            f.write('#!/bin/sh\nexit 1\n')
        os.chmod(stale, 0o755)
        with open(os.path.join(build, 'meson-info', 'intro-targets.json'), 'w',
                  encoding='utf-8') as f:
            json.dump(targets, f)
        suites = os.path.join(build, 'suites.txt')
        with open(suites, 'w', encoding='utf-8') as f:
            f.write('# a comment\n\n')
            for number, text in enumerate(scripts):
                path = os.path.join(build, f'script{number}.py')
                with open(path, 'w', encoding='utf-8') as script:
                    script.write(text)
                f.write(f'script{number} {limit} {sys.executable} {{build}}/script{number}.py\n')
        command = [os.path.join(ROOT, 'tests', 'run'), '--build', build, '--suites', suites]
        if only:
            command += ['--only', only]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              encoding='utf-8', timeout=600, check=False)
        return done.returncode, done.stdout.splitlines()[-1], done.stdout


def main():
    tap = Tap()

    def expect(name, status, last, *args, holds='', **kwargs):
        got = run(*args, **kwargs)
        tap.check(name, got[:2] == (status, last) and holds in got[2],
                  f'expected {status}, {last!r}, {holds!r}', f'got {got[0]}, {got[1]!r}', got[2])

    expect('a fine suite passes', 0, '2 passed, 0 failed', [FINE])
    expect('points of all suites are added, executables are found', 0, '5 passed, 0 failed',
           [FINE, FINE], [('test_x', 'echo 1..1; echo ok 1 - x\n'), ('helper', 'exit 1\n')])
    expect('several groups with a plan each are one suite', 0, '2 passed, 0 failed', [],
           [('test_x', 'echo 1..1; echo ok 1 - x; echo 1..1; echo ok 1 - y\n')])
    expect('not ok is a failure and its output is shown', 1, '1 passed, 1 failed',
           ["print('ok 1 - a'); print('not ok 2 - b'); print('# because'); print('1..2')\n"
            'raise SystemExit(1)'], holds='| # because')
    expect('not ok is a failure whatever the exit status', 1, '0 passed, 2 failed',
           ["print('not ok 1 - a'); print('1..1')"])
    expect('too few points are a failure', 1, '2 passed, 1 failed',
           [FINE.replace('1..2', '1..3')], holds='planned 3 tests, 2 reported')
    expect('too many points are a failure', 1, '2 passed, 1 failed', [FINE.replace('1..2', '1..1')])
    expect('no plan is a failure', 1, '1 passed, 1 failed', ["print('ok 1 - a')"])
    expect('silence is a failure', 1, '0 passed, 1 failed', [''])
    expect('an exit status is a failure', 1, '2 passed, 1 failed', [FINE + '\nraise SystemExit(3)'])
    expect('a crash is a failure', 1, '2 passed, 1 failed',
           [FINE + '\nimport os, sys; sys.stdout.flush(); os.abort()'], holds='SIGABRT')
    expect('a suite that hangs is ended and is a failure', 1, '2 passed, 1 failed',
           [FINE + '\nimport sys, time; sys.stdout.flush(); time.sleep(60)'], limit=1,
           holds='ran longer than 1 s')
    expect('a sanitizer report of a program it starts is a failure', 1, '2 passed, 1 failed',
           [FINE + '\nimport os\n'
            "path = os.environ['ASAN_OPTIONS'].split('log_path=')[1].split(':')[0]\n"
            "open(path + '.1', 'w').write('==1==ERROR: AddressSanitizer: heap-use-after-free')"],
           holds='heap-use-after-free')
    expect('a sanitizer report on standard error is a failure', 1, '2 passed, 1 failed',
           [FINE + "\nimport sys; sys.stderr.write('a.c:1:2: runtime error: shift')"])
    expect('a program that cannot start is a failure', 1, '0 passed, 1 failed', [],
           [('test_x', None)], holds='could not start')
    expect('skipped points are told apart', 0, '1 passed, 0 failed, 1 skipped',
           ["print('ok 1 - a'); print('ok 2 - b # SKIP no network'); print('1..2')"])
    expect('only the suites asked for run', 0, '2 passed, 0 failed', [FINE, ''], only='script0')
    expect('a pattern that fits nothing is a failure', 1, '0 passed, 1 failed', [FINE],
           only='nothing')
    expect('no suites at all is a failure', 1, '0 passed, 1 failed', [])
    tap.done()


if __name__ == '__main__':
    main()
