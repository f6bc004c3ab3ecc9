#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Indicators that committees add themselves (ZY-1, --local), with the shipped
scheme zunyi: figures by exact fractions set out here, and every way to be wrong.

usage: test_local.py JINWEI
"""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from fractions import Fraction as F

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, 'tests', folder) for folder in ('house', 'reference')]

import reference  # noqa: E402
import yamlish  # noqa: E402
from tap import Tap  # noqa: E402

JINWEI = os.path.abspath(sys.argv[1])
with open(os.path.join(ROOT, 'schemes', 'zunyi.yaml'), encoding='utf-8') as scheme_file:
    SCHEME = reference.Scheme(yamlish.loads(scheme_file.read()))
BY = next(s['id'] for s in SCHEME.sources if s['by'] == 'indicators')

ORGS = '''code,parent,name,level,field,members,residents
K,,某县,county,,0,0
T1,K,甲镇,township,,0,0
T2,K,乙镇,township,,0,0
T3,K,丙镇,township,,0,0
A,T1,甲村,unit,village,10,30
A2,A,甲村一组,unit,village,10,30
B,T2,乙村,unit,village,10,30
C,T3,丙村,unit,village,10,30
D,K,县直支部,unit,village,10,30
'''
# T1 and T2 share an id with different maxima; T3 has none.
LOCAL = '''组织代码,指标代码,指标,分值
T1,x-road,通村公路,5
T1,x-tea,茶产业,7.5
T2,x-road,道路养护,12
'''
LOCALS = {'A': {'x-road': F(5), 'x-tea': F('7.5')}, 'A2': {'x-road': F(5), 'x-tea': F('7.5')},
          'B': {'x-road': F(12)}, 'C': {}, 'D': {}}
# Of each local indicator's maximum this much is given, by rater.
SHARE = {'R1': F(4, 5), 'R2': F(3, 5)}


def most(indicator, category):
    return indicator.max_for(category)


def figures():
    """(rows of long scores, {org: {source: score}}), by hand."""
    rows, scores = [], {}
    for org, local in LOCALS.items():
        scores[org] = {}
        for source in SCHEME.sources:
            if source['by'] == 'ballots':
                continue
            sums = []
            for rater, share in SHARE.items():
                total = F(0)
                if source['by'] == 'points':
                    total = F(100) * share
                    rows.append((org, source['id'], rater, '', total))
                else:
                    given = [(i.id, most(i, 'village') * F(3, 4)) for i in SCHEME.indicators
                             if most(i, 'village')]
                    given += [(name, maximum * share) for name, maximum in local.items()]
                    for name, points in given:
                        rows.append((org, source['id'], rater, name, points))
                        total += points
                sums.append(total)
            mean = sum(sums) / len(sums)
            if source['by'] == 'indicators':
                of = sum(most(i, 'village') for i in SCHEME.indicators) + sum(local.values())
                mean = mean * 100 / of
            scores[org][source['id']] = mean
    return rows, scores


def text(number):
    units = number * 10000
    assert units.denominator == 1, number
    return ('%d.%04d' % divmod(units.numerator, 10000)).rstrip('0').rstrip('.')


def long_scores(rows):
    return 'org,source,rater,indicator,points\n' + ''.join(
        ','.join((org, source, rater, name, text(points))) + '\n'
        for org, source, rater, name, points in rows)


def wide_scores(rows, names=('x-road', 'x-tea')):
    columns = [i.id for i in SCHEME.indicators] + list(names)
    sheets = {}
    for org, source, rater, name, points in rows:
        sheets.setdefault((org, source, rater), {})[name] = text(points)
    return ','.join(['org', 'source', 'rater'] + columns + ['得分']) + '\n' + ''.join(
        ','.join(list(key) + [cells.get(c, '') for c in columns + ['']]) + '\n'
        for key, cells in sheets.items())


def ballots():
    """Everyone votes for the first option but one, who is for the last."""
    out, first, last = ['org,voters,option,count'], SCHEME.options[0], SCHEME.options[-1]
    for org in LOCALS:
        for voters, n in (('member', 9), ('resident', 29)):
            out += [f'{org},{voters},{first["id"]},{n}', f'{org},{voters},{last["id"]},1']
    return '\n'.join(out) + '\n'


def ballot_score(source):
    first, last = (F(SCHEME.options[i]['points']) for i in (0, -1))
    n = sum({'member': 10, 'resident': 30}[v] for v in source['voters'])
    ones = len(source['voters'])
    return (first * (n - ones) + last * ones) / n


class Command:
    def __init__(self, folder):
        self.folder = folder

    def run(self, command='grade', more=(), **files):
        args = [JINWEI, command, '--scheme', files.pop('scheme', 'zunyi')]
        for name, data in files.items():
            path = os.path.join(self.folder, name + '.csv')
            with open(path, 'w', encoding='utf-8') as file:
                file.write(data)
            args += ['--' + name, path]
        done = subprocess.run(args + list(more), capture_output=True, text=True, check=False)
        rows = {}
        if command == 'grade' and done.returncode in (0, 3):
            rows = {row['code']: row for row in csv.DictReader(io.StringIO(done.stdout))}
        return done, rows


def check_figures(tap, command, rows, scores):
    for source in SCHEME.sources:
        if source['by'] == 'ballots':
            for org in scores:
                scores[org][source['id']] = ballot_score(source)
    wanted = {}
    for org, by_source in scores.items():
        composite = sum(reference.percent(s['weight']) * by_source[s['id']]
                        for s in SCHEME.sources)
        wanted[org] = (composite, reference.fixed(reference.half_up(composite, SCHEME.places),
                                                  SCHEME.places))
    for how, data in (('long', long_scores(rows)), ('wide', wide_scores(rows)),
                      ('long, by label', long_scores(rows).replace(f'A,{BY},R1,x-road',
                                                                   f'A,{BY},R1,通村公路'))):
        done, found = command.run(orgs=ORGS, scores=data, ballots=ballots(), local=LOCAL)
        tap.check(f'{how}: all are graded', done.returncode == 0, done.returncode, done.stderr)
        tap.check(f'{how}: scores are the fractions, rounded',
                  {org: row['score'] for org, row in found.items()} ==
                  {org: score for org, (_, score) in wanted.items()},
                  {o: r['score'] for o, r in found.items()}, wanted)
    tap.check('the two townships differ', len({wanted[o][0] for o in 'ABC'}) == 3, wanted)
    for org in ('A2', 'B', 'C'):
        done, _ = command.run('explain', ['--org', org, '--json'], orgs=ORGS, scores=wide_scores(rows),
                              ballots=ballots(), local=LOCAL)
        told = json.loads(done.stdout or '{}').get('composite', {})
        tap.check(f'explain {org} has the same fraction',
                  told and F(int(told['num']), int(told['den'])) == wanted[org][0],
                  told, wanted[org], done.stderr)


def check_missing(tap, command, rows):
    less = [r for r in rows if not (r[0] == 'B' and r[3] == 'x-road' and r[2] == 'R2')]
    source = next(r[1] for r in rows if r[0] == 'B' and r[3] == 'x-road')
    missing = [s['id'] for s in SCHEME.sources if s['by'] == 'indicators']
    for how, data in (('long', long_scores(less)), ('wide', wide_scores(less))):
        done, found = command.run(orgs=ORGS, scores=data, ballots=ballots(), local=LOCAL)
        tap.check(f'{how}: without the local score the source is missing',
                  done.returncode == 3 and source in missing and
                  found['B']['status'] == 'missing:' + '+'.join(missing) and
                  found['A']['status'] == 'graded', done.returncode, found.get('B'))


def check_errors(tap, command, rows):
    good = {'orgs': ORGS, 'scores': long_scores(rows), 'ballots': ballots(), 'local': LOCAL}
    first = SCHEME.indicators[0]
    head = LOCAL.splitlines()[0]
    cases = [
        ('max_total is kept', {'local': LOCAL + 'T1,x-more,再多,7.6\n'}, ('T1', '20.1', '20')),
        ('a sum that would wrap 32 bits', {'local': head + '\n' + ''.join(
            f'T1,w{i},名{i},10000\n' for i in range(30))}, ('T1', '300000', '20')),
        ('a wrong level', {'local': LOCAL + 'K,x-more,再多,1\n'}, ('第 5 行', 'K')),
        ('a unit', {'local': LOCAL + 'A,x-more,再多,1\n'}, ('第 5 行', 'A')),
        ('an unknown node', {'local': LOCAL + 'T9,x-more,再多,1\n'}, ('第 5 行', 'T9')),
        ('an id of the scheme', {'local': LOCAL + f'T3,{first.id},再多,1\n'}, ('第 5 行', first.id)),
        ('a label of the scheme', {'local': LOCAL + f'T3,x-more,{first.label},1\n'}, ('第 5 行',)),
        ('a heading as id', {'local': LOCAL + 'T3,points,再多,1\n'}, ('第 5 行', 'points')),
        ('a heading as label', {'local': LOCAL + 'T3,x-more,评价人,1\n'}, ('第 5 行', '评价人')),
        ('an id twice', {'local': LOCAL + 'T1,x-road,再多,1\n'}, ('第 5 行', 'x-road')),
        ('a label twice', {'local': LOCAL + 'T1,x-more,茶产业,1\n'}, ('第 5 行', 'x-more')),
        ('no id', {'local': LOCAL + 'T1,,再多,1\n'}, ('第 5 行',)),
        ('no points', {'local': LOCAL + 'T1,x-more,再多,\n'}, ('第 5 行', '分值')),
        ('negative points', {'local': LOCAL + 'T1,x-more,再多,-1\n'}, ('第 5 行', '-1')),
        ('a score over the local maximum', {'scores': long_scores(rows).replace(
            f'A,{BY},R1,x-road,4\n', f'A,{BY},R1,x-road,5.1\n')}, ('5.1', '5')),
        ('a score for what the committee has not set', {'scores': long_scores(rows) +
                                                       f'B,{BY},R1,x-tea,1\n'}, ('x-tea',)),
        ('a score without --local', {'local': None}, ('x-road',)),
        ('a local column nobody set', {'scores': wide_scores(rows, ('x-road', 'x-tea', 'x-none'))},
         ('x-none',)),
        ('one indicator in two columns', {'scores': wide_scores(
            rows + [('A', BY, 'R1', '通村公路', F(1))], ('x-road', 'x-tea', '通村公路'))},
         ('通村公路', 'x-road')),
        ('a scheme without local', {'scheme': 'guizhou'}, ('guizhou',)),
    ]
    for name, changes, said in cases:
        files = {key: value for key, value in dict(good, **changes).items() if value is not None}
        done, _ = command.run(**files)
        tap.check(f'error: {name}', done.returncode == 2 and not done.stdout and
                  all(word in done.stderr for word in said), done.returncode, said, done.stderr[-600:])


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix='jinwei-local-') as folder:
        command = Command(folder)
        rows, scores = figures()
        check_figures(tap, command, rows, scores)
        check_missing(tap, command, rows)
        check_errors(tap, command, rows)
    tap.done()


if __name__ == '__main__':
    main()
