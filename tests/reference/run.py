#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random grading cases through the command, against the reference. Prints TAP.

    run.py --jinwei PATH [--cases N] [--seed S] [--workers W] [--part cases|errors|large]

Every case is graded by the command and by reference.py; out and summary must
agree byte for byte, and the exit status must fit. The properties of
properties.py take turns on the same cases. Then come errors.py, broken input, and
large.py, files of some megabytes on one and more threads.

A case is a function of seed and index alone. To look at one again:

    run.py --jinwei PATH --seed S --case INDEX --keep FOLDER

writes its files (scheme.yaml, orgs.csv, scores.csv, ballots.csv, and what was
expected of out.csv and summary.csv) into FOLDER. A failing case is written to a
temporary folder that the failure names, and next to it in small/ the same
failure with as few organisations as were found to show it.
"""

import argparse
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile

import command
import errors
import large
import properties
import random_cases
import reference
from model import Dress, files
from tap import Tap, difference

GROUP = 100
SHRINK_RUNS = 80


def compare(jinwei, folder, inputs):
    """(note, expected): the note is '' where command and reference agree."""
    out, summary, all_graded = reference.run(inputs['scheme'], inputs['orgs'], inputs['scores'],
                                             inputs['ballots'])
    expected = {'expected.csv': out, 'expected_summary.csv': summary}
    try:
        result = command.grade(jinwei, folder, inputs)
    except subprocess.TimeoutExpired:
        return 'the command did not end in time', expected
    status = 0 if all_graded else 3
    if result.status != status:
        return 'status %d, expected %d: %s' % (result.status, status, result.stderr), expected
    note = difference('out', result.out, out) or difference('summary', result.summary, summary)
    if not note and status == 3:
        left = str(sum(1 for line in reference_statuses(out) if line != 'graded'))
        if left not in result.stderr:
            note = 'standard error does not say that %s are not graded: %s' % (
                left, result.stderr)
    return note, expected


def reference_statuses(out):
    return [row[9] for key, row in properties.rows_by_key(out, 1).items() if key != ('code',)]


def check_property(jinwei, folder, seed, index, model):
    """The note of this case's property, '' if it holds."""
    prove = properties.ALL[index % len(properties.ALL)]
    rng = random.Random('%s/%s/%s' % (seed, index, prove.__name__))

    def run(some_model, dress):
        return command.grade(jinwei, folder, files(some_model, dress))

    try:
        return prove(rng, model, run)
    except subprocess.TimeoutExpired:
        return 'the command did not end in time'


def without(model, code):
    """The model without one childless organisation."""
    less = model.copy()
    less.orgs = [o for o in less.orgs if o['code'] != code]
    less.scores = [s for s in less.scores if s[0] != code]
    less.ballots = [b for b in less.ballots if b[0] != code]
    return less


def shrink(jinwei, folder, model):
    """A smaller model that still fails in plain dress, or None."""
    if not compare(jinwei, folder, files(model, Dress()))[0]:
        return None
    runs, at = 0, 0
    while at < len(model.orgs) and runs < SHRINK_RUNS:
        code = model.orgs[at]['code']
        if any(o['parent'] == code for o in model.orgs):
            at += 1
            continue
        less = without(model, code)
        runs += 1
        if compare(jinwei, folder, files(less, Dress()))[0]:
            model, at = less, 0
        else:
            at += 1
    return model


def keep(folder, inputs, expected):
    os.makedirs(folder, exist_ok=True)
    command.write_inputs(folder, inputs)
    for name, data in expected.items():
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(data)


def keep_failure(jinwei, work, model, inputs, expected):
    """Writes a failing case and its smaller kin; returns where."""
    folder = tempfile.mkdtemp(prefix='jinwei-failed-')
    keep(folder, inputs, expected)
    small = shrink(jinwei, work, model)
    if small is not None:
        plain = files(small, Dress())
        keep(os.path.join(folder, 'small'), plain, compare(jinwei, work, plain)[1])
    return folder


def check_case(job):
    """(index, note of the comparison, note of the property)"""
    jinwei, seed, index = job
    model, dress = random_cases.case(seed, index)
    inputs = files(model, dress)
    with tempfile.TemporaryDirectory(prefix='jinwei-case-') as work:
        note, expected = compare(jinwei, work, inputs)
        if note:
            note = '--seed %s --case %d\n%s\nkept in %s' % (
                seed, index, note, keep_failure(jinwei, work, model, inputs, expected))
            return index, note, ''
        return index, '', check_property(jinwei, work, seed, index, model)


def random_part(tap, args):
    """All random cases, one line a group of them, then one line a property."""
    broken = {prove.__name__: [] for prove in properties.ALL}
    jobs = [(args.jinwei, args.seed, index) for index in range(args.cases)]
    notes = []
    with multiprocessing.Pool(args.workers) as pool:
        for index, note, property_note in pool.imap(check_case, jobs, chunksize=10):
            if note:
                notes.append(note)
            if property_note:
                name = properties.ALL[index % len(properties.ALL)].__name__
                broken[name].append('--seed %s --case %d\n%s' % (args.seed, index,
                                                                 property_note))
            if (index + 1) % GROUP == 0 or index + 1 == args.cases:
                first = index // GROUP * GROUP
                tap.check(not notes, 'cases %d to %d of seed %s agree with the reference' % (
                    first, index, args.seed), notes[:5])
                notes = []
    for prove in properties.ALL:
        found = broken[prove.__name__]
        tap.check(not found, 'property: ' + prove.__doc__.split('.')[0].replace('\n   ', ''),
                  found[:5])


def one_case(args):
    """Writes one case to --keep and says how it went."""
    model, dress = random_cases.case(args.seed, args.case)
    inputs = files(model, dress)
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix='jinwei-case-') as work:
        note, expected = compare(args.jinwei, work, inputs)
        tap.check(not note, 'case %d of seed %s' % (args.case, args.seed), [note])
        note = check_property(args.jinwei, work, args.seed, args.case, model)
        tap.check(not note, properties.ALL[args.case % len(properties.ALL)].__name__, [note])
    if args.keep:
        keep(args.keep, inputs, expected)
    return tap.done()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--jinwei', required=True, help='the binary')
    parser.add_argument('--cases', type=int, default=1500)
    parser.add_argument('--seed', default='1')
    parser.add_argument('--workers', type=int, default=2)
    parser.add_argument('--case', type=int, help='only this one')
    parser.add_argument('--keep', help='with --case: the folder to write it to')
    parser.add_argument('--part', choices=['cases', 'errors', 'large'], help='only this part')
    args = parser.parse_args()
    args.jinwei = os.path.abspath(args.jinwei)
    if args.case is not None:
        sys.exit(one_case(args))
    tap = Tap()
    if args.part in (None, 'cases'):
        random_part(tap, args)
    if args.part in (None, 'errors'):
        errors.check_all(tap, args.jinwei)
    if args.part in (None, 'large'):
        large.check_all(tap, args.jinwei)
    sys.exit(tap.done())


if __name__ == '__main__':
    main()
