#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the reference, and with --jinwei the command too, on the worked cases
in tests/vectors. Prints TAP.

    vectors.py [--jinwei PATH]
"""

import argparse
import os
import sys
import tempfile

import command
import reference
from tap import Tap, difference

VECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'vectors')


def load(case):
    folder = os.path.join(VECTORS, case)
    files = {key: command.read_or_none(os.path.join(folder, name))
             for key, name in command.INPUTS.items()}
    return (files, command.read_or_none(os.path.join(folder, 'expected.csv')),
            command.read_or_none(os.path.join(folder, 'expected_summary.csv')))


def check_reference(tap, case, files, expected, expected_summary):
    out, summary, _ = reference.run(files['scheme'], files['orgs'], files['scores'],
                                    files['ballots'])
    notes = [difference('out', out, expected), difference('summary', summary, expected_summary)]
    tap.check(not any(notes), 'reference: ' + case, notes)


def check_command(tap, jinwei, case, files, expected, expected_summary):
    with tempfile.TemporaryDirectory(prefix='jinwei-vectors-') as folder:
        result = command.grade(jinwei, folder, files)
    status = 0 if all(line.endswith(b',graded') for line in expected.splitlines()[1:]) else 3
    notes = [difference('out', result.out, expected),
             difference('summary', result.summary, expected_summary)]
    if result.status != status:
        notes.append('status %d, expected %d' % (result.status, status))
    tap.check(not any(notes), 'command: ' + case, notes + [result.stderr])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--jinwei', help='the binary; without it only the reference is checked')
    args = parser.parse_args()
    tap = Tap()
    for case in sorted(os.listdir(VECTORS)):
        loaded = load(case)
        check_reference(tap, case, *loaded)
        if args.jinwei:
            check_command(tap, args.jinwei, case, *loaded)
    sys.exit(tap.done())


if __name__ == '__main__':
    main()
