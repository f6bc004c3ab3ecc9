#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The workbook of results read back, and inputs as LibreOffice saves them.

usage: test_workbooks.py JINWEI

The cells are read with zipfile and an XML parser. Where LibreOffice is
installed it must open the result, and its .xlsx and .xls of the inputs must be
graded as the CSV they were made from.
"""
import csv
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from fractions import Fraction as F

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'house'))

from tap import Tap  # noqa: E402

JINWEI = os.path.abspath(sys.argv[1])
CASE = os.path.join(ROOT, 'tests', 'vectors', 'zhangji')
M = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
R = '{http://schemas.openxmlformats.org/officeDocument/2006/relationships}'
ODD_NAMES = ['=1+1', '=HYPERLINK("http://x","y")', '+cmd', '-2', '@SUM(A1)', '007', '1e5', '<b>&amp;',
             ' a  b ', '两\n行', '"引号"', '{=1}', 'http://example.org/', '_x0041_', '1/2', '𠮷']


def read(path):
    with open(path, 'rb') as file:
        return file.read()


def grade(folder, **files):
    args = [JINWEI, 'grade', '--scheme', os.path.join(CASE, 'scheme.yaml')]
    for name in ('orgs', 'scores', 'ballots'):
        args += ['--' + name, files.get(name, os.path.join(CASE, name + '.csv'))]
    out = os.path.join(folder, 'out.csv')
    args += ['--out', out, '--summary', os.path.join(folder, 'summary.csv')]
    if 'xlsx' in files:
        args += ['--xlsx', files['xlsx']]
    done = subprocess.run(args, capture_output=True, text=True, check=False)
    return done, read(out) if os.path.exists(out) else b''


class Sheet:
    def __init__(self, root, strings):
        self.root, self.cells, self.formulas = root, {}, 0
        for cell in root.iter(M + 'c'):
            value, inline = cell.find(M + 'v'), cell.find(M + 'is')
            kind = cell.get('t', 'n')
            self.formulas += cell.find(M + 'f') is not None
            if inline is not None:
                text = ''.join(t.text or '' for t in inline.iter(M + 't'))
                kind = 's'
            elif value is None:
                continue
            else:
                text = strings[int(value.text)] if kind == 's' else value.text
            self.cells[cell.get('r')] = (kind, text)

    def rows(self):
        """{row number: {column letters: (kind, text)}}"""
        out = {}
        for at, cell in self.cells.items():
            letters, number = re.fullmatch(r'([A-Z]+)(\d+)', at).groups()
            out.setdefault(int(number), {})[letters] = cell
        return out


def workbook(path):
    """[(name, Sheet)] in the order of the tabs."""
    with zipfile.ZipFile(path) as archive:
        strings = []
        if 'xl/sharedStrings.xml' in archive.namelist():
            strings = [''.join(t.text or '' for t in item.iter(M + 't'))
                       for item in ET.fromstring(archive.read('xl/sharedStrings.xml'))]
        targets = {r.get('Id'): r.get('Target')
                   for r in ET.fromstring(archive.read('xl/_rels/workbook.xml.rels'))}
        sheets = ET.fromstring(archive.read('xl/workbook.xml')).find(M + 'sheets')
        return [(s.get('name'), Sheet(ET.fromstring(archive.read('xl/' + targets[s.get(R + 'id')])),
                                      strings)) for s in sheets]


def shown(cell):
    """A cell's text: Excel's escapes of odd characters undone."""
    return re.sub('_x([0-9A-Fa-f]{4})_', lambda m: chr(int(m.group(1), 16)), cell[1])


def odd_orgs(folder):
    """The register with names that a spreadsheet might take for something else."""
    with open(os.path.join(CASE, 'orgs.csv'), encoding='utf-8', newline='') as file:
        rows = list(csv.reader(file))
    at = rows[0].index('name')
    for i, row in enumerate(r for r in rows[1:] if r[rows[0].index('level')] == 'unit'):
        row[at] = ODD_NAMES[i % len(ODD_NAMES)]
    path = os.path.join(folder, 'odd.csv')
    with open(path, 'w', encoding='utf-8', newline='') as file:
        csv.writer(file).writerows(rows)
    return path


def check_cells(tap, folder):
    path = os.path.join(folder, 'result.xlsx')
    done, out = grade(folder, orgs=odd_orgs(folder), xlsx=path)
    tap.check('a workbook is written', done.returncode in (0, 3) and os.path.exists(path), done.stderr)
    sheets = workbook(path)
    tap.check('it has three sheets', len(sheets) == 3, [name for name, _ in sheets])
    first = sheets[0][1]
    tap.check('no cell is a formula', not any(sheet.formulas for _, sheet in sheets))
    results = list(csv.DictReader(io.StringIO(out.decode(), newline='')))
    rows = first.rows()
    head_at = next(n for n, row in sorted(rows.items())
                   if any(c[1] == '名称' for c in row.values()))
    head = {cell[1]: letters for letters, cell in rows[head_at].items()}
    score_at = next(letters for text, letters in head.items() if '得分' in text)
    code_at = next(letters for text, letters in head.items() if '代码' in text)
    rank_at = next(letters for text, letters in head.items() if '排名' in text or '名次' in text)
    wrong = []
    for i, result in enumerate(results):
        row = rows.get(head_at + 1 + i, {})

        def cell(letters):
            return row.get(letters, ('', ''))
        if cell(code_at) != ('s', result['code']) and \
                (cell(code_at)[0], shown(cell(code_at))) not in (('inlineStr', result['code']),
                                                                ('str', result['code'])):
            wrong.append((result['code'], cell(code_at)))
        name = cell(head['名称'])
        raw = name[1].replace('_x005F_', '_')
        if name[0] == 'n' or raw.strip() != result['name'].strip():
            wrong.append((result['name'], name))
        if result['score']:
            places = len(result['score'].partition('.')[2])
            # As a spreadsheet shows it: the nearest double at 15 digits.
            if cell(score_at)[0] != 'n' or \
                    F('%.*f' % (places, float(cell(score_at)[1]))) != F(result['score']):
                wrong.append((result['code'], result['score'], cell(score_at)))
            if F(cell(rank_at)[1] or '-1') != int(result['rank']):
                wrong.append((result['code'], result['rank'], cell(rank_at)))
    tap.check(f'{len(results)} rows are those of the CSV', not wrong and results, *wrong[:8])
    view = first.root.find(f'{M}sheetViews/{M}sheetView/{M}pane')
    tap.check('the head is frozen', view is not None and view.get('state') == 'frozen' and
              int(view.get('ySplit', '0')) == head_at, view is not None and view.attrib)
    chosen = first.root.find(M + 'autoFilter')
    tap.check('and has a filter', chosen is not None and
              re.fullmatch(rf'A{head_at}:[A-Z]+{head_at + len(results)}', chosen.get('ref')),
              chosen is not None and chosen.attrib)
    with open(os.path.join(folder, 'summary.csv'), encoding='utf-8') as file:
        roll = list(csv.DictReader(file))
    means = [row['mean_score'] for row in roll if row['mean_score']]
    found = [cell[1] for cell in sheets[1][1].cells.values() if cell[0] == 'n']
    tap.check('the roll-up has every mean', all(any(F('%.2f' % float(f)) == F(m) for f in found)
                                               for m in means), means[:5])
    return path


def convert(office, folder, kind, path):
    """`path` saved by LibreOffice as .kind; every cell of a CSV is text."""
    to = 'csv:Text - txt - csv (StarCalc):44,34,76' if kind == 'csv' else kind
    args = [office, '--headless', f'-env:UserInstallation=file://{folder}/profile', '--convert-to',
            to, '--outdir', os.path.join(folder, kind)]
    if path.endswith('.csv'):
        columns = '/'.join(f'{i}/2' for i in range(1, 60))
        args.insert(3, f'--infilter=CSV:44,34,76,1,{columns}')
    subprocess.run(args + [path], capture_output=True, check=False, timeout=600)
    name = os.path.splitext(os.path.basename(path))[0] + '.' + kind
    return os.path.join(folder, kind, name)


def check_office(tap, folder, result):
    office = shutil.which('soffice') or shutil.which('libreoffice')
    if not office:
        tap.check('LibreOffice is not installed # SKIP', True)
        return
    page = convert(office, folder, 'csv', result)
    text = read(page).decode('utf-8', 'replace') if os.path.exists(page) else ''
    tap.check('LibreOffice opens the result', '名称' in text and '=1+1' in text, text[:300])
    done, normal = grade(folder)
    for kind in ('xlsx', 'xls'):
        files = {name: convert(office, folder, kind, os.path.join(CASE, name + '.csv'))
                 for name in ('orgs', 'scores', 'ballots')}
        found, out = grade(folder, **files)
        tap.check(f'inputs as .{kind} give the same result',
                  found.returncode == done.returncode and out == normal and out,
                  found.returncode, found.stderr[-500:])


def check_renamed(tap, folder):
    """Text under a workbook's name is refused, by the fast reader's path too."""
    for name in ('orgs', 'scores', 'ballots'):
        path = os.path.join(folder, name + '.XLSX')
        shutil.copy(os.path.join(CASE, name + '.csv'), path)
        done, out = grade(folder, **{name: path})
        tap.check(f'{name}: a CSV named .xlsx is refused',
                  done.returncode == 2 and not out and path in done.stderr and
                  '内容却不是工作簿' in done.stderr, done.returncode, done.stderr[-500:])


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix='jinwei-workbooks-') as folder:
        check_renamed(tap, folder)
        check_office(tap, folder, check_cells(tap, folder))
    tap.done()


if __name__ == '__main__':
    main()
