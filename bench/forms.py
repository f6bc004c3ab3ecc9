#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long files take to be written: a list of 100,000 × 12 as a workbook, by
this program, by libxlsxwriter alone and, where they are installed, by LibreOffice
(from CSV) and openpyxl; 1,000 score sheets as one PDF.

    bench/forms.py BUILD [ROWS]

Whole processes, median of five, and as parts of what libxlsxwriter alone takes for
the same rows. Where others are at work compare processor times. Prints; judges
nothing.
"""
import csv
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

BUILD = os.path.abspath(sys.argv[1])
ROWS = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
SHEETS, ROUNDS = 1000, 5
OPENPYXL = '''
import sys, openpyxl
book = openpyxl.Workbook(write_only=True)
sheet = book.create_sheet()
for i in range(int(sys.argv[1])):
    sheet.append(["%06d" % i, "青龙潭村第%d党支部" % (i % 97), "石桥镇党委", "行政村", "书记%d" % (i % 1000),
                  "较好"] + [i * 37 % 10000] * 6)
book.save(sys.argv[2])
'''


ALONE = {}


def measure(name, folder, *command):
    costs = []
    for _ in range(ROUNDS):
        result = os.path.join(folder, 'cost.json')
        subprocess.run([os.path.join(BUILD, 'bench', 'measure'), result, *command], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(result, encoding='utf-8') as f:
            costs.append(json.load(f))
    wall, cpu = (statistics.median(c[k] for c in costs) for k in ('wall', 'cpu'))
    memory = max(c['memory'] for c in costs) / (1 << 20)
    ALONE.setdefault('cpu', cpu)
    ALONE.setdefault('memory', memory)
    print(f'{name:36} {wall:8.2f} {cpu:8.2f} {memory:8.1f} {cpu / ALONE["cpu"]:12.2f}'
          f' {memory / ALONE["memory"]:12.2f}', flush=True)


def write_csv(path):
    with open(path, 'w', encoding='utf-8', newline='') as f:
        rows = csv.writer(f)
        for i in range(ROWS):
            rows.writerow([f'{i:06}', f'青龙潭村第{i % 97}党支部', '石桥镇党委', '行政村', f'书记{i % 1000}', '较好']
                          + [i * 37 % 10000] * 6)


def main():
    forms = os.path.join(BUILD, 'bench', 'forms')
    print(f'{"":36} {"wall s":>8} {"cpu s":>8} {"MB":>8} {"cpu ÷ alone":>12} {"MB ÷ alone":>12}')
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, 'out.xlsx')
        measure(f'xlsx {ROWS} x 12: libxlsxwriter alone', folder, forms, 'alone', str(ROWS), out)
        measure('  this program', folder, forms, 'xlsx', str(ROWS), out)
        if subprocess.run([sys.executable, '-c', 'import openpyxl'], check=False,
                          capture_output=True).returncode == 0:
            measure('  openpyxl', folder, sys.executable, '-c', OPENPYXL, str(ROWS), out)
        office = shutil.which('soffice')
        if office:
            source = os.path.join(folder, 'rows.csv')
            write_csv(source)
            measure('  LibreOffice', folder, office, f'-env:UserInstallation=file://{folder}/profile',
                    '--headless', '--convert-to', 'xlsx', '--outdir', folder, source)
        measure(f'pdf, {SHEETS} score sheets', folder, forms, 'pdf', str(SHEETS),
                os.path.join(folder, 'out.pdf'))


main()
