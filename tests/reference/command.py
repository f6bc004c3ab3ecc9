# SPDX-License-Identifier: Apache-2.0
"""Runs `jinwei grade` on files given as bytes."""

import os
import subprocess

INPUTS = {'scheme': 'scheme.yaml', 'orgs': 'orgs.csv', 'scores': 'scores.csv',
          'ballots': 'ballots.csv'}


class Result:
    def __init__(self, status, out, summary, stderr):
        self.status, self.out, self.summary, self.stderr = status, out, summary, stderr


def read_or_none(path):
    try:
        with open(path, 'rb') as file:
            return file.read()
    except FileNotFoundError:
        return None


def write_inputs(folder, files):
    for key, name in INPUTS.items():
        with open(os.path.join(folder, name), 'wb') as file:
            file.write(files[key])


def grade_args(folder):
    args = []
    for key, name in INPUTS.items():
        args += ['--' + key, os.path.join(folder, name)]
    return args


def grade(jinwei, folder, files, timeout=600):
    """Writes the inputs into `folder`, runs the command there; out and summary
    are None where they were not written."""
    write_inputs(folder, files)
    out, summary = os.path.join(folder, 'out.csv'), os.path.join(folder, 'summary.csv')
    for path in (out, summary):
        if os.path.exists(path):
            os.unlink(path)
    return run(jinwei, grade_args(folder) + ['--out', out, '--summary', summary],
               out, summary, timeout)


def run(jinwei, args, out, summary, timeout=600, stdin=b''):
    done = subprocess.run([jinwei, 'grade'] + args, input=stdin, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=timeout, check=False)
    result = Result(done.returncode, read_or_none(out), read_or_none(summary),
                    done.stderr.decode('utf-8', 'replace'))
    result.stdout = done.stdout
    return result
