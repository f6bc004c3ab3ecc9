#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The README's example prints what the README says; its links lead somewhere.

usage: test_readme.py JINWEI
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'house'))
from tap import Tap  # noqa: E402

PAGES = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/performance.md',
         *sorted('docs/manual/' + name for name in os.listdir(os.path.join(ROOT, 'docs/manual')))]


def read(path):
    with open(os.path.join(ROOT, path), encoding='utf-8') as f:
        return f.read()


def main():
    tap = Tap()
    example = read('README.md').split('## Example')[1]
    script = re.search(r'```sh\n(.*?)```', example, re.DOTALL).group(1)
    expected = re.search(r'```csv\n(.*?)```', example, re.DOTALL).group(1)
    with tempfile.TemporaryDirectory() as here:
        os.mkdir(os.path.join(here, 'build'))
        os.symlink(os.path.abspath(sys.argv[1]), os.path.join(here, 'build', 'jinwei'))
        done = subprocess.run(['bash', '-e', '-c', script], cwd=here, encoding='utf-8',
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    tap.check('the example of README.md ends well', done.returncode == 0,
              f'exit status {done.returncode}', done.stderr)
    tap.check('the example of README.md prints what it says', done.stdout == expected,
              'expected:', expected, 'got:', done.stdout)
    tap.check('and nothing on standard error', done.stderr == '', done.stderr)

    for page in PAGES:
        targets = re.findall(r'\]\(([^)#]+)(?:#[^)]*)?\)', read(page))
        lost = [t for t in targets if '://' not in t
                and not os.path.exists(os.path.join(ROOT, os.path.dirname(page), t))]
        tap.check(f'the links of {page} lead somewhere', not lost, *lost)
    tap.done()


if __name__ == '__main__':
    main()
