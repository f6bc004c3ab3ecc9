#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every form as paper, opened by other people's programs.

usage: test_paper.py BUILD [--keep DIR] [--update]

forms_out writes all samples. Their XML is compared with golden files
(--update writes them), SheetJS reads every workbook and LibreOffice opens
every file; the words and figures must be the ones that went in. Pages are
measured: nothing beyond the margins, heads on every page.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'house'))

from tap import Tap  # noqa: E402

BUILD = os.path.abspath(sys.argv[1])
KEEP = sys.argv[sys.argv.index('--keep') + 1] if '--keep' in sys.argv else None
UPDATE = '--update' in sys.argv
PARTS = {'xlsx': 'xl/worksheets/sheet1.xml', 'docx': 'word/document.xml'}
MM = 72 / 25.4


class Paper(Tap):
    """With what holds first, and then the sentence."""

    def check(self, ok, name):  # pylint: disable=arguments-differ,arguments-renamed
        super().check(name, ok)


def run(*args):
    return subprocess.run(args, check=True, capture_output=True, text=True).stdout


def plain(text):
    """Without blanks and line ends, which depend on where lines break."""
    return re.sub(r'\s+', '', text)


def cells_of(folder, name):
    """What went in: the cells and paragraphs, sheet by sheet."""
    with open(os.path.join(folder, name + '.cells'), encoding='utf-8') as file:
        return [line for line in re.split(r'[\n\f]', file.read()) if line.strip()]


def is_number(text):
    return re.fullmatch(r'-?\d+(\.\d+)?', text) is not None


def pretty(data):
    root = ET.fromstring(data)
    ET.indent(root, ' ')
    return ET.tostring(root, encoding='unicode') + '\n'


def check_golden(tap, folder, files):
    """The first sheet or the text of every form, filled and empty."""
    for name in files:
        part = PARTS[name.rsplit('.', 1)[1]]
        with zipfile.ZipFile(os.path.join(folder, name)) as file:
            got = pretty(file.read(part))
        path = os.path.join(HERE, 'golden', name + '.xml')
        if UPDATE:
            with open(path, 'w', encoding='utf-8') as file:
                file.write(got)
        want = ''
        if os.path.exists(path):
            with open(path, encoding='utf-8') as file:
                want = file.read()
        tap.check(got == want, f'{name}: {part} is the golden one')


def page_heads(path):
    """What stands above each page of a workbook, which no reader of cells sees."""
    with zipfile.ZipFile(path) as file:
        sheets = [file.read(n).decode() for n in file.namelist() if n.startswith('xl/worksheets/')]
    return ''.join(head for sheet in sheets for head in re.findall('<oddHeader>(.*?)</oddHeader>', sheet))


def check_sheetjs(tap, folder, names):
    books = [os.path.join(folder, name + '.xlsx') for name in names]
    found = json.loads(run('node', os.path.join(HERE, 'read_xlsx.mjs'), *books))
    for name, path in zip(names, books):
        values = [cell for sheet in found[path].values() for row in sheet['cells'] for cell in row
                  if cell is not None and cell != '']
        texts = {plain(v) for v in values if isinstance(v, str)}
        numbers = {float(v) for v in values if not isinstance(v, str)}
        whole = ''.join(sorted(texts)) + plain(page_heads(path))
        missing = [c for c in cells_of(folder, name)
                   if not (is_number(c) and float(c) in numbers) and plain(c) not in whole]
        tap.check(not missing, f'{name}.xlsx: SheetJS reads every text and figure'
                  + (f'; not {missing[:3]}' if missing else ''))
        tap.check(sum(s['formulas'] for s in found[path].values()) == 0,
                  f'{name}.xlsx: nothing became a formula')


def check_f1(tap, folder):
    path = os.path.join(folder, 'F1.xlsx')
    sheet = json.loads(run('node', os.path.join(HERE, 'read_xlsx.mjs'), path))[path]['全部']
    rows = {row[0]: row[1:4] for row in sheet['cells'] if row and row[0]}
    tap.check(rows['所辖基层党组织'] == [48, '——', '——'], 'F1: all organisations, no shares')
    tap.check(rows['党支部'] == [40, 83.3, '——'], 'F1: a kind and its share of all')
    tap.check(rows['软弱涣散基层党组织'] == [5, 10.4, '——'], 'F1: the weak and their share of all')
    six = [values for label, values in rows.items() if re.match(r'\([1-6]\)', label)]
    tap.check(six[0] == [1, 2.1, 20] and six[5] == [3, 6.3, 60],
              'F1: a criterion and both shares, half up')


def words(path):
    """(page, xmin, ymin, xmax, ymax, text) in points, and the pages' sizes."""
    text = run('pdftotext', '-bbox', path, '-')
    pages, found = [], []
    for line in text.splitlines():
        size = re.search(r'<page width="([\d.]+)" height="([\d.]+)"', line)
        word = re.search(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" '
                         r'yMax="([-\d.]+)">(.*)</word>', line)
        if size:
            pages.append((float(size.group(1)), float(size.group(2))))
        if word:
            found.append((len(pages), *map(float, word.groups()[:4]), word.group(5)))
    return pages, found


def check_pdf(tap, folder, name, path, what):
    pages, found = words(path)
    tap.check(all({round(w), round(h)} == {595, 842} for w, h in pages), f'{what}: every page is A4')
    beyond = [f[5] for f in found if f[1] < 9 * MM or f[3] > pages[f[0] - 1][0] - 9 * MM
              or f[2] < 5 * MM or f[4] > pages[f[0] - 1][1] - 3 * MM]
    tap.check(not beyond, f'{what}: nothing beyond the margins' + (f': {beyond[:3]}' if beyond else ''))
    # Cells that break over lines come in pieces: their characters must be there.
    have = plain(''.join(f[5] for f in found))
    for entity, character in (('&lt;', '<'), ('&gt;', '>'), ('&quot;', '"'), ('&amp;', '&')):
        have = have.replace(entity, character)
    lost = [c for c in cells_of(folder, name) if set(plain(c)) - set(have)]
    tap.check(not lost, f'{what}: all characters are there' + (f'; not of {lost[:3]}' if lost else ''))
    numbers = ''.join(have)
    if name == 'F6':
        tap.check('—1—' not in numbers and '校验码' not in numbers, f'{what}: bears no mark')
        return pages, found
    tap.check(all(f'—{n}—' in numbers for n in range(1, len(pages) + 1)), f'{what}: pages are numbered')
    return pages, found


def check_heads_repeat(tap, folder):
    for name, head in (('F4', '党组织名称'), ('F14', '党组织名称'), ('F18', '综合得分')):
        pages, found = words(os.path.join(folder, name + '.pdf'))
        on = {f[0] for f in found if head in f[5]}
        tap.check(len(pages) > 1 and len(on) == len(pages), f'{name}.pdf: the head stands on every page')


def check_together(tap, folder):
    """The rows of one organisation stand on one page."""
    with zipfile.ZipFile(os.path.join(folder, 'F8.xlsx')) as file:
        sheet = file.read('xl/worksheets/sheet1.xml').decode()
    breaks = [int(n) for n in re.findall(r'<brk id="(\d+)"', sheet)]
    merged = [(int(a), int(b)) for a, b in re.findall(r'ref="B(\d+):B(\d+)"', sheet)]
    tap.check(len(merged) == 4 and breaks and not [n for n in breaks for a, b in merged if a <= n < b],
              f'F8.xlsx: pages break between organisations: {breaks}, {merged}')


def check_office(tap, folder, files):
    office = shutil.which('soffice')
    if not office:
        tap.check(True, 'LibreOffice opens every file # SKIP it is not installed')
        return
    out = os.path.join(folder, 'office')
    profile = 'file://' + os.path.join(folder, 'profile')
    subprocess.run([office, '-env:UserInstallation=' + profile, '--headless', '--convert-to', 'pdf',
                    '--outdir', out, *(os.path.join(folder, f) for f in files)],
                   check=True, capture_output=True, timeout=600)
    for file in files:
        name, kind = file.rsplit('.', 1)
        path = os.path.join(out, name + '.pdf')
        tap.check(os.path.exists(path), f'{file}: LibreOffice opens it')
        if os.path.exists(path) and not name.endswith('-empty'):
            check_pdf(tap, folder, name, path, f'{file} in LibreOffice ({kind})')


def main():
    tap = Paper()
    with tempfile.TemporaryDirectory() as temp:
        folder = KEEP or temp
        os.makedirs(folder, exist_ok=True)
        done = subprocess.run([os.path.join(BUILD, 'tests', 'report', 'forms_out'), folder],
                              check=False, capture_output=True, text=True)
        tap.check(done.returncode == 0, 'every form is written in every format ' + done.stderr)
        files = sorted(f for f in os.listdir(folder) if f.endswith(('.xlsx', '.docx')))
        books = [f[:-5] for f in files if f.endswith('.xlsx') and not f.endswith('-empty.xlsx')]
        check_golden(tap, folder, files)
        check_sheetjs(tap, folder, books)
        check_f1(tap, folder)
        for file in sorted(f for f in os.listdir(folder) if f.endswith('.pdf') and '-empty' not in f):
            check_pdf(tap, folder, file[:-4], os.path.join(folder, file), file)
        pages, _ = words(os.path.join(folder, 'F16.pdf'))
        tap.check(len(pages) == 1, 'F16 is one page')
        check_heads_repeat(tap, folder)
        check_together(tap, folder)
        check_office(tap, folder, files)
    tap.done()


main()
