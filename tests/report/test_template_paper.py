#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Own templates, filled, as other people's programs see them.

usage: test_template_paper.py BUILD [--keep DIR] [--update]

The samples of examples/, and the same as LibreOffice saves them, are filled with
made-up values. Main parts are compared with golden files (--update writes them),
SheetJS reads the values, LibreOffice opens and works out what is filled; what is
no placeholder stays to the byte.
"""
import json
import os
import re
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
BOOK, DOCUMENT = '模板-党组织台账.xlsx', '模板-整顿情况报告.docx'
GOLDEN = {BOOK: ['xl/workbook.xml', 'xl/worksheets/sheet1.xml', 'xl/worksheets/jinwei2-1.xml'],
          DOCUMENT: ['word/document.xml', 'word/footer1.xml']}


def office(folder, kind, *files):
    out = os.path.join(folder, 'office-' + kind)
    subprocess.run(['soffice', '-env:UserInstallation=file://' + os.path.join(folder, 'profile'), '--headless',
                    '--convert-to', kind, '--outdir', out, *files], check=True, capture_output=True, timeout=600)
    return out


def fill(folder, template, name):
    """The template filled by our program, which takes its parts one by one."""
    parts = tempfile.mkdtemp(dir=folder)
    with zipfile.ZipFile(template) as archive:
        names = [n for n in archive.namelist() if not n.endswith('/')]
        for i, part in enumerate(names):
            with open(os.path.join(parts, str(i)), 'wb') as file:
                file.write(archive.read(part))
    with open(os.path.join(parts, 'parts'), 'w', encoding='utf-8') as file:
        file.write('\n'.join(names) + '\n')
    out = os.path.join(folder, name)
    subprocess.run([os.path.join(BUILD, 'tests', 'report', 'template_out'), parts, out], check=True)
    return out


def pretty(data):
    root = ET.fromstring(data)
    ET.indent(root, ' ')
    return ET.tostring(root, encoding='unicode') + '\n'


def check_golden(tap, path, name):
    with zipfile.ZipFile(path) as archive:
        for part in GOLDEN[name]:
            got = pretty(archive.read(part))
            golden = os.path.join(HERE, 'golden', f'{name}-{os.path.basename(part)}')
            if UPDATE:
                with open(golden, 'w', encoding='utf-8') as file:
                    file.write(got)
            with open(golden, encoding='utf-8') as file:
                tap.check(f'{name}: {part} is the golden one', got == file.read())


def check_kept(tap, template, path, what):
    """Parts without placeholders are the same bytes; so is how a sheet is printed."""
    with zipfile.ZipFile(template) as old, zipfile.ZipFile(path) as new:
        same = [n for n in old.namelist() if re.search(r'styles|theme|settings|fontTable|media', n)]
        tap.check(f'{what}: styles and all that is no text stay to the byte',
                  same != [] and all(old.read(n) == new.read(n) for n in same))
        for name in (n for n in old.namelist() if re.match(r'xl/worksheets/sheet\d+\.xml', n)):
            before, after = old.read(name).decode(), new.read(name).decode()
            for tag in ('sheetFormatPr', 'cols', 'pageMargins', 'pageSetup', 'printOptions'):
                found = re.search(rf'<{tag}\b.*?(/>|</{tag}>)', before, re.S)
                tap.check(f'{what}: {name} keeps <{tag}>', not found or found.group(0) in after)
            heights = re.findall(r'<row [^>]*\bht="([^"]+)"', after)
            tap.check(f'{what}: {name} keeps the heights of rows',
                      set(re.findall(r'<row [^>]*\bht="([^"]+)"', before)) == set(heights))


def check_values(tap, path, what, formulas):
    """What SheetJS reads; `formulas`: they were worked out."""
    got = json.loads(subprocess.run(['node', os.path.join(HERE, 'read_xlsx.mjs'), path], check=True,
                                    capture_output=True, text=True).stdout)[path]
    tap.check(f'{what}: a sheet for each', list(got) == ['汇总', '石桥镇', '柳河镇', '石桥镇 4'])
    whole, town, empty = got['汇总'], got['石桥镇'], got['柳河镇']
    tap.check(f'{what}: one row for each', [row[1] for row in whole['cells'][3:6]] == ['石桥镇', '柳[河]镇/*?', '石桥镇'])
    tap.check(f'{what}: figures are figures', whole['cells'][3][2:5] == [3, 77, 2] and town['cells'][2][4] == 41)
    tap.check(f'{what}: what looks like a formula is a text', town['cells'][3][2] == '=1+1' and town['cells'][3][5] == '+SUM(A1)')
    tap.check(f'{what}: merges follow their rows', 'A7:B7' in whole['merges'] and 'A6:D6' in town['merges'])
    tap.check(f'{what}: an empty list leaves one empty row', not any(empty['cells'][2]) and empty['cells'][3][0] == '合计')
    tap.check(f'{what}: a placeholder sums up', whole['cells'][6][4] == 3)
    if formulas:
        tap.check(f'{what}: formulas cover all rows', whole['cells'][6][2:4] == [4, 89] and town['cells'][5][4] == 77)


def check_words(tap, path, folder, what):
    pdf = os.path.join(office(folder, 'pdf', path), os.path.splitext(os.path.basename(path))[0] + '.pdf')
    text = re.sub(r'\s+', '', subprocess.run(['pdftotext', '-layout', pdf, '-'], check=True, capture_output=True,
                                            text=True).stdout)
    tap.check(f'{what}: LibreOffice opens it, nothing is left to fill', '{{' not in text and len(text) > 100)
    return text


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as temp:
        folder = KEEP or temp
        os.makedirs(folder, exist_ok=True)
        samples = [os.path.join(ROOT, 'examples', name) for name in (BOOK, DOCUMENT)]
        saved = [os.path.join(office(folder, 'xlsx', samples[0]), BOOK), os.path.join(office(folder, 'docx', samples[1]), DOCUMENT)]
        for book, document, by in ((*samples, 'as made'), (*saved, 'as LibreOffice saves it')):
            filled = fill(folder, book, f'book {by}.xlsx')
            check_kept(tap, book, filled, f'xlsx {by}')
            check_values(tap, filled, f'xlsx {by}', False)
            again = os.path.join(office(folder, 'xlsx', filled), os.path.basename(filled))
            check_values(tap, again, f'xlsx {by}, opened and saved', True)
            check_words(tap, filled, folder, f'xlsx {by}')
            report = fill(folder, document, f'report {by}.docx')
            text = check_words(tap, report, folder, f'docx {by}')
            tap.check(f'docx {by}: the words are there', all(word in text for word in (
                '关于云岭县委软弱涣散', '柳树沟村', '三岔口村', '1．柳树沟村：书记空缺。', '2．柳树沟村：账目不公开。',
                '责任人：赵德明，2026-12-15前完成')))
            tap.check(f'docx {by}: the rows of the table repeat, its head does not',
                      text.count('联系领导') == 1 and text.count('唐国强') == 1)
            if by == 'as made':
                check_golden(tap, filled, BOOK)
                check_golden(tap, report, DOCUMENT)
    tap.done()


main()
