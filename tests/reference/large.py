# SPDX-License-Identifier: Apache-2.0
"""Files of some megabytes, full of quoted line breaks.

A command that reads files in pieces and on several threads must find the same
records, the same results and the same lines in its messages wherever a piece
happens to end. Small random cases never get there.
"""

import os
import random
import tempfile

import command
import errors
import reference
from model import Dress, Model, files
from tap import difference
from yamlish import loads

THREADS = ('1', '2', '5')
NOTES = ['', '如实，"无"', '第一行\n第二行', '"\n"', 'x,\r\n,y', 'A,member,good,4\n' * 20, '长' * 90]


def make_model(rng):
    """About 600 organisations in three counties, 100,000 ballots."""
    model = Model(loads(errors.SCHEME))
    model.scheme['ties'] = ['masses', 'units']
    for n in range(3):
        county = add_org(model, '', 'c%d' % n, 'county', '')
        for m in range(8):
            township = add_org(model, county, '%s.t%d' % (county, m), 'township', '')
            for k in range(25):
                code = '%s.%03d' % (township, k)
                add_org(model, township, code, 'unit', rng.choice(['village', 'agency', 'soe']))
                add_figures(rng, model, model.orgs[-1])
    for rows in (model.orgs, model.scores, model.ballots):
        rng.shuffle(rows)
    return model


def add_org(model, parent, code, level, field):
    model.orgs.append({'code': code, 'parent': parent, 'name': '组织' + code, 'level': level,
                       'field': field, 'members': '40', 'residents': '200'})
    return code


def add_figures(rng, model, org):
    other = org['field'] != 'village'
    limits = [('leader', 40 if other else 60), ('venue', 40 if other else 20), ('ideas', 20)]
    for rater in ('R1', 'R2'):
        for key, most in limits:
            model.scores.append([org['code'], 'committee', rater, key,
                                 str(most * rng.randint(5, 10) // 10)])
        model.scores.append([org['code'], 'units', rater, '', str(rng.randint(50, 100))])
    for voters in ('member', 'resident'):
        for option in ('good', 'poor', 'spoiled'):
            model.ballots.append([org['code'], voters, option, rng.randint(0, 60)])


class Notes(Dress):
    """The plain dress with one more column that holds long quoted text."""

    def __init__(self, rng, newline, encoding):
        super().__init__()
        self.rng, self.newline, self.encoding = rng, newline, encoding

    def add_to(self, data):
        """The file with the column 备注; rows of the model hold no line breaks."""
        lines = data.decode(self.encoding).split(self.newline)
        for i, line in enumerate(lines):
            if line and i == 0:
                lines[i] = line + ',备注'
            elif line:
                lines[i] = line + ',"' + self.rng.choice(NOTES).replace('"', '""') + '"'
        return self.newline.join(lines).encode(self.encoding)


def make_files(rng, model, wide, newline, encoding):
    dress = Notes(rng, newline, encoding)
    dress.wide, dress.single = wide, False
    made = files(model, dress)
    if not wide:
        made['ballots'] = single_ballots(rng, model)
    for key in ('orgs', 'scores', 'ballots'):
        made[key] = dress.add_to(made[key])
    return made


def single_ballots(rng, model):
    """One row a ballot, in the order they came in."""
    rows = [','.join(ballot[:3]) for ballot in model.ballots for _ in range(ballot[3])]
    rng.shuffle(rows)
    return ('org,voters,option\n' + '\n'.join(rows) + '\n').encode('utf-8')


def run_with(jinwei, folder, threads):
    out, summary = os.path.join(folder, 'out.csv'), os.path.join(folder, 'summary.csv')
    for path in (out, summary):
        if os.path.exists(path):
            os.unlink(path)
    return command.run(jinwei, command.grade_args(folder) +
                       ['--out', out, '--summary', summary, '--threads', threads], out, summary, 120)


def check_results(tap, jinwei, title, made):
    out, summary, all_graded = reference.run(*(made[key] for key in command.INPUTS))
    with tempfile.TemporaryDirectory(prefix='jinwei-large-') as folder:
        command.write_inputs(folder, made)
        for threads in THREADS:
            result = run_with(jinwei, folder, threads)
            notes = [difference('out', result.out, out),
                     difference('summary', result.summary, summary)]
            good = not any(notes) and result.status == (0 if all_graded else 3)
            tap.check(good, 'large files, %s, %s threads' % (title, threads),
                      notes + [result.status, result.stderr])


def break_row(data, part, old, new):
    """(broken file, its line): replaces `old` by `new` in the first row that
    begins in the given part of the file; rows begin with an organisation."""
    at = data.index(b'\nc', int(len(data) * part)) + 1
    while b',' + old + b',' not in data[at:data.index(b'"', at)]:
        at = data.index(b'\nc', at) + 1
    broken = data[:at] + data[at:].replace(b',' + old + b',', b',' + new + b',', 1)
    return broken, data[:at].count(b'\n') + 1


def check_lines(tap, jinwei, title, made):
    """Messages name the true line also far into a file."""
    broken, wants = dict(made), []
    for key, column, old, new in (('orgs', 'level', b'unit', b'hamlet'),
                                  ('scores', 'source', b'units', b'boss'),
                                  ('ballots', 'voters', b'member', b'cadre')):
        for part in (0.93, 0.51, 0.2):
            broken[key], line = break_row(broken[key], part, old, new)
            wants.append(errors.Want(key, line, column, new.decode()))
    with tempfile.TemporaryDirectory(prefix='jinwei-large-') as folder:
        command.write_inputs(folder, broken)
        for threads in THREADS:
            result = run_with(jinwei, folder, threads)
            messages = result.stderr.splitlines()
            notes = [str(want) for want in wants if not any(map(want.met_by, messages))]
            if result.status != 2 or result.out is not None or result.summary is not None:
                notes.append('status %d' % result.status)
            tap.check(not notes, 'lines of large files, %s, %s threads' % (title, threads),
                      notes + [result.stderr])


def check_all(tap, jinwei):
    rng = random.Random('large')
    model = make_model(rng)
    for title, wide, newline, encoding in (('single ballots', False, '\n', 'utf-8'),
                                           ('wide scores, CRLF', True, '\r\n', 'utf-8'),
                                           ('GB18030', True, '\n', 'gb18030')):
        made = make_files(rng, model, wide, newline, encoding)
        check_results(tap, jinwei, title, made)
        check_lines(tap, jinwei, title, made)
