#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo county is what its generator makes, and made of what it promises.

usage: test_demo.py
"""
import os
import subprocess
import sys
import tempfile
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'house'))

from tap import Tap  # noqa: E402

EXAMPLES = os.path.join(ROOT, 'examples')
REGISTER, SCORES, BALLOTS = '组织名册.xlsx', '评分表.csv', '测评票.csv'


def read(folder, name):
    with open(os.path.join(folder, name), 'rb') as file:
        return file.read()


def parts(folder, name):
    """Names and contents: how well zlib packs is no difference."""
    with zipfile.ZipFile(os.path.join(folder, name)) as archive:
        return [(entry, archive.read(entry)) for entry in archive.namelist()]


def check_made_again(tap):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, '-B', os.path.join(EXAMPLES, 'make_demo.py'), folder],
                              capture_output=True, text=True, check=False)
        tap.check('the generator runs', done.returncode == 0, done.stderr)
        if done.returncode:
            return
        for name in (SCORES, BALLOTS):
            tap.check(f'{name} is what the generator makes',
                      read(folder, name) == read(EXAMPLES, name))
        tap.check(f'{REGISTER} is what the generator makes',
                  parts(folder, REGISTER) == parts(EXAMPLES, REGISTER))


def check_dirt(tap):
    scores, ballots = read(EXAMPLES, SCORES), read(EXAMPLES, BALLOTS)
    text = scores.decode('gb18030')
    tap.check('the scores are GB18030 with CRLF, not UTF-8',
              text.count('\r\n') == text.count('\n') and scores.decode('utf-8', 'ignore') != text)
    tap.check('they hold what GBK can not', text.encode('gbk', 'ignore') != scores)
    tap.check('and empty rows, full-width digits, a name with a comma',
              '\r\n,,,,,,,,,,,\r\n' in text and any(c in text for c in '０１２３４５６７８９')
              and '"云岭建材公司,云岭门窗厂联合党支部"' in text)
    tap.check('the ballots are UTF-8 with BOM', ballots.startswith(b'\xef\xbb\xbf'))
    sheets = dict(parts(EXAMPLES, REGISTER))
    book = sheets['xl/workbook.xml'].decode()
    tap.check('the first sheet of the register is hidden',
              book.index('state="hidden"') < book.index('sheetId="2"'))
    register = sheets['xl/worksheets/sheet2.xml'].decode()
    tap.check('its head is merged and frozen',
              '<mergeCell ref="A1:O1"/>' in register and 'state="frozen"' in register)
    for name, data in ((SCORES, text), (BALLOTS, ballots.decode('utf-8-sig')),
                       (REGISTER, sheets['xl/sharedStrings.xml'].decode())):
        tap.check(f'{name} says that it is made up', '虚构' in data)


def main():
    tap = Tap()
    check_made_again(tap)
    check_dirt(tap)
    tap.done()


if __name__ == '__main__':
    main()
