#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`jinwei explain` says of the demo county what `jinwei grade` published.

usage: test_explain.py JINWEI [EVERY]

Every EVERY-th organisation (60 unless told) is asked for, and some of those that
quotas moved or that are not graded, as JSON; some as text.
"""
import csv
import io
import json
import os
import subprocess
import sys
from fractions import Fraction as F
from math import ceil, floor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'house'))

from tap import Tap  # noqa: E402

JINWEI = os.path.abspath(sys.argv[1])
EVERY = int(sys.argv[2]) if len(sys.argv) > 2 else 60
INPUTS = ['--scheme', 'zhangji-town']
for option, name in (('orgs', '组织名册.xlsx'), ('scores', '评分表.csv'), ('ballots', '测评票.csv')):
    INPUTS += ['--' + option, os.path.join(ROOT, 'examples', name)]


def run(*args):
    return subprocess.run([JINWEI, *args], capture_output=True, text=True, check=False)


def fraction(number):
    return F(int(number['num']), int(number['den']))


def share(text):
    return F(text.rstrip('%')) / 100


def half_up(value, places):
    return F(floor(value * 10 ** places + F(1, 2)), 10 ** places)


def problems(row, told, names):
    """What disagrees between a row of the result and what is told of it."""
    def differ(what, left, right):
        return [] if left == right else [f'{row["code"]} {what}: {left!r}, {right!r}']

    out = []
    for key in ('code', 'name', 'status'):
        out += differ(key, row[key], told[key])
    out += differ('category', row['category'] or None, told['category'])
    for source in told.get('sources', []):
        if source['score']:
            decimal = source['score']['decimal'].rstrip('…')
            cut = F(floor(fraction(source['score']) * 10 ** 10), 10 ** 10)
            out += differ('decimal', F(decimal), cut)
    if row['status'] != 'graded':
        return out + differ('rank', 'rank' in told, False)
    composite = fraction(told['composite'])
    out += differ('products', sum(fraction(s['product']) for s in told['sources']), composite)
    out += differ('weights', [fraction(s['score']) * share(s['weight']) for s in told['sources']],
                  [fraction(s['product']) for s in told['sources']])
    out += differ('published', F(row['score']), half_up(composite, len(row['score'].split('.')[1])))
    for key in ('score', 'grade', 'grade_by'):
        out += differ(key, row[key], told[key])
    out += differ('rank', int(row['rank']), told['rank'])
    out += differ('stars', row['stars'] or None, None if told['stars'] is None else str(told['stars']))
    out += differ('approval', row['approval'] or None, told['approval'])
    moves = [q['moves_this'] for q in told['quotas']]
    out += differ('moved by a quota', any(moves), row['grade_by'] == 'quota')
    for quota in told['quotas']:
        out += differ('required', quota['required'], ceil(share(quota['at_least']) * quota['in_scope']))
        enough = quota['had'] >= quota['required']
        out += differ('moved none where enough', quota['moved'] == 0, enough)
        if not enough and quota['first_spared']:
            out += differ('reached', quota['had'] + quota['moved'] >= quota['required'], True)
        for end in ('last_moved', 'first_spared'):
            if quota[end]:
                out += differ(end, names[quota[end]['code']], quota[end]['name'])
    gives = [r['stars'] for r in told['star_rules'] if r['gives_this']]
    out += differ('star rules', gives, [] if told['stars'] is None else [told['stars']])
    for rule in told['star_rules']:
        out += differ('given', rule['given'] <= rule['cap'], True)
    return out


def check_all(tap, rows):
    names = {row['code']: row['name'] for row in rows}
    moved = [row for row in rows if row['grade_by'] == 'quota']
    left_out = [row for row in rows if row['status'] != 'graded']
    chosen = rows[::EVERY] + moved[::max(1, EVERY // 10)] + left_out[::max(1, EVERY // 10)]
    wrong = []
    for row in chosen:
        done = run('explain', '--org', row['code'], '--json', *INPUTS)
        if done.returncode:
            wrong.append(f'{row["code"]}: status {done.returncode} {done.stderr}')
        else:
            wrong += problems(row, json.loads(done.stdout), names)
    tap.check(f'{len(chosen)} of {len(rows)} are explained as they were published', not wrong,
              *wrong[:20])


def check_text(tap, rows):
    graded = [row for row in rows if row['status'] == 'graded']
    for row in graded[:2] + [r for r in graded if r['grade_by'] == 'quota'][:1]:
        done = run('explain', '--org', row['code'], *INPUTS)
        lines = done.stdout.splitlines()
        published = next((l for l in lines if l.startswith('公布得分')), '')
        rank = next((l for l in lines if l.startswith('排名')), '')
        tap.check(f'{row["code"]} as text', done.returncode == 0 and
                  published.endswith('= ' + row['score']) and f'：{row["rank"]} / ' in rank and
                  row['name'] in lines[0], published, rank, done.stderr)
        tap.check(f'{row["code"]}: a quota says so', any('（按比例规定）' in l for l in lines) ==
                  (row['grade_by'] == 'quota'))
    for status, said in (('outside', '不在方案范围内'), ('missing', '缺少评分'),
                         ('turnout', '参评人数不够')):
        row = next(r for r in rows if r['status'].startswith(status))
        done = run('explain', '--org', row['code'], *INPUTS)
        tap.check(f'{row["status"]} says why', done.returncode == 0 and said in done.stdout and
                  '公布得分' not in done.stdout, done.stdout[-300:], done.stderr)


def check_wrong(tap, rows):
    upper = next(c for c in (r['code'].split('-')[0] for r in rows) if c)
    for code in ('没有这个代码', '', rows[0]['code'] + ' ', upper, 'x' * 300):
        done = run('explain', '--org', code, *INPUTS)
        tap.check(f'--org {code[:20]!r}: status 2 and why', done.returncode == 2 and
                  not done.stdout and done.stderr.strip(), done.returncode, done.stderr)
    done = run('explain', *INPUTS)
    tap.check('without --org: usage', done.returncode == 2 and '--org' in done.stderr)


def main():
    tap = Tap()
    done = run('grade', *INPUTS)
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    tap.check('the county is graded', done.returncode == 3 and len(rows) > 500, done.stderr)
    check_all(tap, rows)
    check_text(tap, rows)
    check_wrong(tap, rows)
    tap.done()


if __name__ == '__main__':
    main()
