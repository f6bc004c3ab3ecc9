#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The demo county, graded by the program, comes out as the reference has it and
as examples/README.md says.

usage: test_grade.py JINWEI

The register is read here in its own way: LibreOffice or Excel see the same.
"""
import csv
import io
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from collections import Counter

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests', folder) for folder in ('house', 'reference')]

import reference  # noqa: E402
from tap import Tap  # noqa: E402

EXAMPLES = os.path.join(ROOT, 'examples')
REGISTER, SCORES, BALLOTS = (os.path.join(EXAMPLES, name)
                             for name in ('组织名册.xlsx', '评分表.csv', '测评票.csv'))
SCHEME = os.path.join(ROOT, 'schemes', 'zhangji-town.yaml')
M = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
# Column letters of the register's sheet; its head is in two rows.
COLUMNS = {'B': '组织代码', 'C': '上级代码', 'D': '名称', 'E': '层级', 'F': '领域', 'G': '组织类型',
           'H': '党员数', 'I': '群众数', 'J': '在村在岗党员数', 'K': '在村在岗群众数'}
FIRST_ROW = 5
# What the README says: status → organisations.
STATUS = {'graded': 585, 'missing:self': 9, 'missing:committee': 1, 'missing:ballots': 2,
          'turnout:member+resident': 5, 'outside': 7}
# And of single ones: code → score, grade, grade_by.
SINGLE = {'05-604': ('90.00', 'good', 'score'), '15-607': ('90.00', 'good', 'score'),
          '10-609': ('80.00', 'fair', 'score'), '17-611': ('80.00', 'fair', 'score'),
          '18-604': ('60.00', 'poor', 'quota'), '16-609': ('90.00', 'good', 'score'),
          '08-606': ('89.99', 'fair', 'score'),
          '02-602': ('61.35', 'poor', 'quota'), '02-608': ('61.35', 'poor', 'quota'),
          '19-606': ('61.80', 'poor', 'quota'), '19-613': ('61.80', 'poor', 'quota'),
          '19-617': ('61.80', 'poor', 'quota'),
          '15-612': ('62.40', 'poor', 'quota'), '15-618': ('62.40', 'average', 'score')}


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def register_as_csv():
    """The register's rows as a plain CSV, UTF-8."""
    with zipfile.ZipFile(REGISTER) as archive:
        strings = [''.join(t.text or '' for t in item.iter(M + 't'))
                   for item in ET.fromstring(archive.read('xl/sharedStrings.xml'))]
        sheet = ET.fromstring(archive.read('xl/worksheets/sheet2.xml'))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS.values())
    for row in sheet.iter(M + 'row'):
        if int(row.get('r')) < FIRST_ROW:
            continue
        cells = {}
        for cell in row:
            value = cell.find(M + 'v')
            if value is not None:
                text = strings[int(value.text)] if cell.get('t') == 's' else value.text
                cells[re.match('[A-Z]+', cell.get('r')).group()] = text
        writer.writerow([cells.get(letter, '') for letter in COLUMNS])
    return out.getvalue().encode()


def grade(jinwei, folder):
    """(done, out, summary) of the command, started at the top of the tree."""
    paths = [os.path.join(folder, name) for name in ('out.csv', 'summary.csv')]
    done = subprocess.run([jinwei, 'grade', '--scheme', SCHEME, '--orgs', REGISTER,
                           '--scores', SCORES, '--ballots', BALLOTS, '--out', paths[0],
                           '--summary', paths[1]],
                          capture_output=True, text=True, check=False, cwd=ROOT)
    return (done, *(read(p) if os.path.exists(p) else b'' for p in paths))


def main():
    tap = Tap()
    expected, expected_summary, _ = reference.run(read(SCHEME), register_as_csv(), read(SCORES),
                                                  read(BALLOTS))
    with tempfile.TemporaryDirectory() as folder:
        done, out, summary = grade(os.path.abspath(sys.argv[1]), folder)
    tap.check('some can not be graded: status 3', done.returncode == 3, done.returncode, done.stderr)
    tap.check('the result is the reference\'s', out == expected, done.stderr)
    tap.check('the summary is the reference\'s', summary == expected_summary)
    rows = {row['code']: row for row in csv.DictReader(io.StringIO(out.decode()))}
    counted = Counter(row['status'] for row in rows.values())
    tap.check('as many are graded and not as the README says', counted == STATUS, counted)
    for code, wanted in SINGLE.items():
        row = rows.get(code, {})
        found = tuple(row.get(key) for key in ('score', 'grade', 'grade_by'))
        tap.check(f'{code} is as the README says', found == wanted, found)
    stars = Counter(row['stars'] for row in rows.values())
    tap.check('equals at the cap leave 23 with five stars', stars['5'] == 23, stars)
    tap.done()


if __name__ == '__main__':
    main()
