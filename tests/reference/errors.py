# SPDX-License-Identifier: Apache-2.0
"""Broken input: what the command must say about it, and that it writes nothing.

One good set of files, and a table of ways to break it. Of each message the file,
the line, the column and what was found are checked, not its wording.
"""

import os
import re
import tempfile

import command
import reference
from reference import HEADINGS, narrow

SCHEME = '''id: errors
title: 出错用例
source: 测试用
categories:
  - {id: village, label: 行政村, fields: [village]}
  - {id: other, label: 其他, fields: [agency, soe]}
indicators:
  - {id: leader, label: 带头人, max: 60, max_by_category: {other: 40}}
  - {id: venue, label: 阵地, max: 20, max_by_category: {other: 40}}
  - id: ideas
    label: 思路
    max: 20
    items:
      - {id: a, label: 有规划, max: 12}
      - {id: b, label: 有措施, max: 8}
sources:
  - {id: committee, label: 党委评定, weight: 50%, by: indicators}
  - {id: units, label: 单位评, weight: 20%, by: points}
  - {id: masses, label: 群众测评, weight: 30%, by: ballots, voters: [member, resident]}
ballot:
  options:
    - {id: good, label: 好, points: 100}
    - {id: poor, label: 差, points: 0}
  turnout:
    - {voters: [member, resident], at_least: 30%, everyone_below: 20}
score: {places: 2}
grades:
  - {id: good, label: 好, from: 80}
  - {id: fair, label: 较好, from: 60}
  - {id: poor, label: 差}
ties: [masses]
ranking: {within: all, by_category: false}
quotas:
  - {grade: poor, at_least: 5%, within: township}
stars:
  - {stars: 5, grade: good, at_most: 20%, within: city}
  - {stars: 0, grade: poor}
approval:
  - {stars: [5], level: city}
'''
ORGS = '''code,parent,name,level,field,members,residents
T,,甲镇,township,,0,0
A,T,甲村,unit,village,5,5
B,T,乙所,unit,agency,4,6
O,T,丙校,unit,school,4,6
'''
SCORES = '''org,source,rater,indicator,points
A,committee,R1,leader,50
A,committee,R1,venue,20
A,committee,R1,ideas,15
A,units,R2,,88
B,committee,R1,leader,40
B,committee,R1,venue,30
B,committee,R1,ideas/a,10
B,committee,R1,ideas/b,8
B,units,R2,,77.5
O,committee,R1,leader,60
'''
WIDE = '''org,source,rater,leader,venue,ideas,ideas/a,ideas/b,得分
A,committee,R1,50,20,15,,,
B,committee,R1,40,30,,10,8,
A,units,R2,,,,,,88
B,units,R2,,,,,,77.5
'''
BALLOTS = '''org,voters,option,count
A,member,good,4
A,resident,good,6
B,member,poor,10
'''
GOOD = {'scheme': SCHEME, 'orgs': ORGS, 'scores': SCORES, 'ballots': BALLOTS}


class Want:
    """What one line of standard error must name; None is not asked for. `line`
    may be a tuple of which one is enough; `column` is the English heading."""

    def __init__(self, file, line=None, column=None, found=None):
        self.file, self.column, self.found = file, column, found
        self.lines = line if isinstance(line, tuple) or line is None else (line,)

    def met_by(self, message):
        if command.INPUTS[self.file] not in message:
            return False
        rest = message.replace(command.INPUTS[self.file], '')
        if self.lines and not any(re.search(r'(?<![\d.])%d(?!\d)' % n, rest) for n in self.lines):
            return False
        if self.column:
            names = (self.column, HEADINGS.get(self.file, {}).get(self.column, self.column))
            if not any(name in rest for name in names):
                return False
        return self.found is None or narrow(self.found) in narrow(rest)

    def __str__(self):
        return 'no message names %s, line %s, column %s, found %s' % (
            command.INPUTS[self.file], self.lines, self.column, self.found)


class Case:
    def __init__(self, title, changes, *wants):
        self.title, self.wants = title, wants
        self.files = {key: text if isinstance(text, bytes) else text.encode('utf-8')
                      for key, text in dict(GOOD, **changes).items()}


def with_line(text, number, new):
    """`text` with its line `number` replaced."""
    lines = text.split('\n')
    lines[number - 1] = new
    return '\n'.join(lines)


def row(file, number, new, column=None, found=None, title=None, line=None):
    """The good file with one row replaced, or added where number is past the end."""
    return Case('%s: %s' % (file, title or new), {file: with_line(GOOD[file], number, new)},
                Want(file, line or number, column, found))


def wide(number, new, column=None, found=None, title=None):
    return Case('scores, wide: %s' % (title or new), {'scores': with_line(WIDE, number, new)},
                Want('scores', number, column, found))


def extra(file, new, column=None, found=None, title=None):
    """The good file with one row more at its end."""
    return Case('%s: %s' % (file, title or new), {file: GOOD[file] + new + '\n'},
                Want(file, GOOD[file].count('\n') + 1, column, found))


def scheme(old, new, key=None, found=None, line=True):
    """The good scheme with one text replaced."""
    assert old in SCHEME, old
    text = SCHEME.replace(old, new, 1)
    number = SCHEME[:SCHEME.index(old)].count('\n') + 1 if line else None
    return Case('scheme: %s → %s' % (old.strip() or 'empty', new.strip() or 'nothing'),
                {'scheme': text}, Want('scheme', number, key, found))


def number_cases():
    """Cells that are no numbers, wherever numbers are expected."""
    out = []
    for bad in ('-1', '+1', '1e1', '"1,0"', '0x1', '5%', '１．２．３', 'abc', '.5', '5.', '1.23456',
                '1 0', '−1', '99999999999999999999999'):
        found = bad.strip('"')
        out.append(row('scores', 2, 'A,committee,R1,leader,' + bad, 'points', found))
        out.append(wide(2, 'A,committee,R1,%s,20,15,,,' % bad, 'leader', found))
        out.append(wide(4, 'A,units,R2,,,,,,' + bad, 'points', found))
    for bad in ('-4', '+4', '4e0', '"1,000"', '4.0', '四', '99999999999999999999999'):
        found = bad.strip('"')
        out.append(row('ballots', 2, 'A,member,good,' + bad, 'count', found))
        out.append(row('orgs', 3, 'A,T,甲村,unit,village,%s,5' % bad, 'members', found))
        out.append(row('orgs', 3, 'A,T,甲村,unit,village,5,' + bad, 'residents', found))
    present = ORGS.replace('residents\n', 'residents,present_members\n').replace('0,0\n', '0,0,\n')
    present = present.replace('5,5\n', '5,5,-3\n').replace('4,6\n', '4,6,\n')
    out.append(Case('orgs: present_members -3', {'orgs': present},
                    Want('orgs', 3, 'present_members', '-3')))
    return out


def orgs_cases():
    head = 'code,parent,name,level,field,members,residents'
    return [
        row('orgs', 3, 'A,T,甲村,unit,village,5', title='a field too few'),
        row('orgs', 3, 'A,T,甲村,unit,village,5,5,5', title='a field too many'),
        row('orgs', 3, 'A,T,"甲村,unit,village,5,5', title='a quote that never ends'),
        row('orgs', 3, 'A,T,"甲"村,unit,village,5,5', title='text after a closing quote'),
        row('orgs', 3, ',T,甲村,unit,village,5,5', 'code', title='no code'),
        row('orgs', 4, 'A,T,乙所,unit,agency,4,6', 'code', 'A', title='a code twice',
            line=(3, 4)),
        row('orgs', 4, 'Ａ,T,乙所,unit,agency,4,6', 'code', title='a code twice in full width',
            line=(3, 4)),
        row('orgs', 3, 'A,X9,甲村,unit,village,5,5', 'parent', 'X9', title='an orphan'),
        row('orgs', 3, 'A,A,甲村,unit,village,5,5', 'parent', title='its own parent'),
        Case('orgs: a cycle of two', {'orgs': ORGS.replace('A,T', 'A,B').replace('B,T', 'B,A')},
             Want('orgs', (3, 4))),
        Case('orgs: a cycle of three with a tail', {'orgs': ORGS.replace('A,T', 'A,B').replace(
            'B,T', 'B,O').replace('O,T', 'O,A') + 'D,A,尾,unit,agency,1,1\n'},
             Want('orgs', (3, 4, 5))),
        extra('orgs', 'T2,A,乙镇,township,,0,0', title='a township under a unit'),
        extra('orgs', 'T2,T,乙镇,township,,0,0', title='a township under a township'),
        extra('orgs', 'C,T,丙县,county,,0,0', title='a county under a township'),
        row('orgs', 3, 'A,T,甲村,hamlet,village,5,5', 'level', 'hamlet'),
        row('orgs', 3, 'A,T,甲村,,village,5,5', 'level', title='no level'),
        row('orgs', 3, 'A,T,甲村,unit,farm,5,5', 'field', 'farm'),
        row('orgs', 3, 'A,T,甲村,unit,village,,5', 'members', title='members wanted by turnout'),
        row('orgs', 3, 'A,T,甲村,unit,village,5,', 'residents',
            title='residents wanted by turnout'),
        row('orgs', 1, head.replace('level', 'rank'), 'level', title='no column level',
            line=(1,)),
        row('orgs', 1, head.replace('code', 'kode'), 'code', title='no column code'),
        row('orgs', 1, head.replace('residents', 'code'), 'code', title='column code twice'),
        row('orgs', 1, head.replace('residents', '组织代码'), title='code and 组织代码'),
        Case('orgs: an empty file', {'orgs': ''}, Want('orgs')),
        Case('orgs: neither UTF-8 nor GB18030',
             {'orgs': ORGS.encode().replace('甲村'.encode(), b'\xff\xff')}, Want('orgs')),
        Case('orgs: lines of a record in quotes count',
             {'orgs': with_line(ORGS, 3, 'A,T,"甲\n\n村",unit,farm,5,5') + 'E,T,戊,unit,x1,1,1\n'},
             Want('orgs', 3, 'field', 'farm'), Want('orgs', 8, 'field', 'x1')),
        Case('orgs: blank lines count', {'orgs': with_line(ORGS, 3, '\n,,,\nA,T,甲,unit,farm,5,5')},
             Want('orgs', 5, 'field', 'farm')),
        Case('orgs: CRLF', {'orgs': ORGS.replace('village', 'farm').replace('\n', '\r\n')},
             Want('orgs', 3, 'field', 'farm')),
        Case('orgs: GB18030', {'orgs': ORGS.replace('agency', '农场').encode('gb18030')},
             Want('orgs', 4, 'field', '农场')),
        Case('orgs: Chinese headings', {'orgs': ORGS.replace('field', '领域').replace(
            'agency', 'farm')}, Want('orgs', 4, 'field', 'farm')),
    ]


def scores_cases():
    head = 'org,source,rater,indicator,points'
    return [
        row('scores', 2, 'A,committee,R1,leader', title='a field too few'),
        row('scores', 2, 'A,committee,R1,leader,50,1', title='a field too many'),
        row('scores', 2, 'Z9,committee,R1,leader,50', 'org', 'Z9'),
        row('scores', 2, ',committee,R1,leader,50', 'org', title='no org'),
        row('scores', 2, 'A,boss,R1,leader,50', 'source', 'boss'),
        row('scores', 2, 'A,,R1,leader,50', 'source', title='no source'),
        row('scores', 2, 'A,committee,R1,charm,50', 'indicator', 'charm'),
        row('scores', 2, 'A,committee,R1,ideas/z,5', 'indicator', 'ideas/z'),
        row('scores', 2, 'A,committee,R1,leader/a,5', 'indicator', 'leader/a'),
        row('scores', 2, 'A,committee,R1,,50', 'indicator', title='no indicator'),
        row('scores', 5, 'A,units,R2,leader,50', 'indicator', 'leader',
            title='an indicator for a source by points'),
        row('scores', 2, 'A,masses,R1,,50', 'source', title='a score for a source by ballots'),
        row('scores', 2, 'T,committee,R1,leader,50', 'org', 'T',
            title='a score for a node that is not graded'),
        row('scores', 2, 'A,committee,R1,leader,60.0001', 'points', '60.0001'),
        row('scores', 6, 'B,committee,R1,leader,40.5', 'points', '40.5'),
        row('scores', 8, 'B,committee,R1,ideas/a,12.1', 'points', '12.1'),
        row('scores', 5, 'A,units,R2,,100.0001', 'points', '100.0001'),
        row('scores', 11, 'O,committee,R1,leader,60.1', 'points', '60.1'),
        row('scores', 2, 'A,committee,R1,leader,', 'points', title='no points'),
        extra('scores', 'A,committee,R1,leader,50', title='a score twice, the same'),
        extra('scores', 'A,committee,R1,leader,51', title='a score twice'),
        extra('scores', 'A,党委评定,R1,带头人,50', title='a score twice, once by labels'),
        extra('scores', 'A,units,R2,,88', title='points twice'),
        extra('scores', 'B,committee,R1,ideas/b,8', title='an item twice'),
        extra('scores', 'A,committee,R1,ideas/a,5', 'indicator', title='as a whole and by items'),
        row('scores', 1, head.replace('org', 'who'), 'org', title='no column org'),
        row('scores', 1, head.replace('points', 'marks'), 'points', title='no column points'),
        row('scores', 1, head.replace('rater', '得分'), title='points and 得分'),
        Case('scores: an empty file', {'scores': ''}, Want('scores')),
    ]


def wide_cases():
    head = 'org,source,rater,leader,venue,ideas,ideas/a,ideas/b,得分'
    return [
        wide(2, 'A,committee,R1,50,20,15,,', title='a field too few'),
        wide(2, 'A,committee,R1,50,20,15,,,,', title='a field too many'),
        wide(1, head.replace('venue', 'charm'), found='charm', title='an unknown column'),
        wide(1, head.replace('venue', 'leader'), found='leader', title='a column twice'),
        wide(1, head.replace('venue', '带头人'), title='a column by id and by label'),
        wide(1, head.replace('org', 'name'), 'org', title='no column org'),
        wide(2, 'Z9,committee,R1,50,20,15,,,', 'org', 'Z9'),
        wide(2, 'A,boss,R1,50,20,15,,,', 'source', 'boss'),
        wide(2, 'A,masses,R1,50,20,15,,,', 'source', title='a score for a source by ballots'),
        wide(2, 'T,committee,R1,50,20,15,,,', 'org', title='a node that is not graded'),
        wide(2, 'A,committee,R1,60.01,20,15,,,', 'leader', '60.01'),
        wide(3, 'B,committee,R1,40,40.1,,10,8,', 'venue', '40.1'),
        wide(3, 'B,committee,R1,40,30,,10,8.5,', 'ideas/b', '8.5'),
        wide(4, 'A,units,R2,,,,,,100.5', 'points', '100.5'),
        wide(2, 'A,committee,R1,50,20,15,9,6,', 'ideas', title='as a whole and by items'),
        wide(2, 'A,committee,R1,50,20,15,,,7', 'points', '7',
             title='one figure for a source by indicators'),
        wide(4, 'A,units,R2,,20,,,,88', 'venue', '20', title='an indicator for a source by points'),
        Case('scores, wide: one figure twice', {'scores': WIDE + 'A,units,R2,,,,,,88\n'},
             Want('scores', 6, 'points')),
        Case('scores, wide: an item twice', {'scores': WIDE + 'B,committee,R1,,,,10,,\n'},
             Want('scores', 6, 'ideas/a')),
        Case('scores, wide: a row twice', {'scores': WIDE + 'A,committee,R1,50,,,,,\n'},
             Want('scores', 6, 'leader')),
    ]


def ballots_cases():
    head = 'org,voters,option,count'
    return [
        row('ballots', 2, 'A,member,good', title='a field too few'),
        row('ballots', 2, 'A,member,good,4,4', title='a field too many'),
        row('ballots', 2, 'Z9,member,good,4', 'org', 'Z9'),
        row('ballots', 2, 'A,cadre,good,4', 'voters', 'cadre'),
        row('ballots', 2, 'A,,good,4', 'voters', title='no voters'),
        row('ballots', 2, 'A,member,superb,4', 'option', 'superb'),
        row('ballots', 2, 'A,member,,4', 'option', title='no option'),
        row('ballots', 2, 'A,member,good,', 'count', title='no count'),
        row('ballots', 1, head.replace('option', 'vote'), 'option', title='no column option'),
        row('ballots', 1, head.replace('count', '选项'), title='option and 选项'),
        Case('ballots: an empty file', {'ballots': ''}, Want('ballots')),
        Case('ballots: single rows, an unknown option',
             {'ballots': 'org,voters,option\nA,member,good\nA,member,superb\n'},
             Want('ballots', 3, 'option', 'superb')),
    ]


def scheme_cases():
    leader = 'max: 60, max_by_category: {other: 40}'
    return [
        scheme('title: 出错用例', 'titel: 出错用例', 'titel'),
        scheme('source: 测试用\n', '', 'source', line=False),
        scheme('label: 好, from: 80', 'label: 好, form: 80', 'form'),
        scheme('weight: 50%', 'weight: 49%', 'sources', '99%', line=False),
        scheme('weight: 50%', 'weight: 50', 'weight', '50'),
        scheme('weight: 50%', 'weight: 50.00001%', 'weight', '50.00001%'),
        scheme(leader, leader.replace('60', '59'), 'indicators', '99', line=False),
        scheme(leader, leader.replace('40', '41'), 'indicators', '101', line=False),
        scheme(leader, leader.replace('other', 'nobody'), 'max_by_category', 'nobody'),
        scheme('max: 12}', 'max: 11}', 'items', '19', line=False),
        scheme('max: 12}', 'max: -12}', 'max', '-12'),
        scheme('max: 12}', 'max: 1.2e1}', 'max', '1.2e1'),
        scheme('max: 12}', 'max: 12.00001}', 'max', '12.00001'),
        scheme('from: 60}', 'from: 80}', 'from'),
        scheme('from: 60}', 'from: 81}', 'from'),
        scheme(', from: 60}', '}', 'from', line=False),
        scheme('label: 差}\nties', 'label: 差, from: 1}\nties', 'from'),
        scheme('{id: fair, label: 较好, from: 60}', '{id: good, label: 较好, from: 60}', 'id',
               'good'),
        scheme('{id: fair, label: 较好, from: 60}', '{id: fair, label: 好, from: 60}', 'label',
               '好'),
        scheme('{id: units,', '{id: committee,', 'id', 'committee'),
        scheme('{id: good, label: 好, points', '{id: spoiled, label: 好, points', 'id', 'spoiled'),
        scheme('label: 好, points', 'label: 废票, points', 'label', '废票'),
        scheme('points: 100}', 'points: 100.5}', 'points', '100.5'),
        scheme('fields: [agency, soe]', 'fields: [agency, farm]', 'fields', 'farm'),
        scheme('fields: [agency, soe]', 'fields: [agency, village]', 'fields', 'village'),
        scheme('ties: [masses]', 'ties: [nobody]', 'ties', 'nobody'),
        scheme('{grade: poor, at_least: 5%', '{grade: bad, at_least: 5%', 'grade', 'bad'),
        scheme('at_least: 5%', 'at_least: 5', 'at_least'),
        scheme('within: township}', 'within: parish}', 'within', 'parish'),
        scheme('stars: 5, grade: good', 'stars: 6, grade: good', 'stars', '6'),
        scheme('stars: 5, grade: good', 'stars: 5, grade: bad', 'grade', 'bad'),
        scheme('level: city}\n', 'level: parish}\n', 'level', 'parish'),
        scheme('{stars: [5], level', '{grades: [bad], level', 'grades', 'bad'),
        scheme('score: {places: 2}', 'score: {places: 5}', 'places', '5'),
        scheme('score: {places: 2}', 'score: {places: two}', 'places', 'two'),
        scheme('by_category: false', 'by_category: maybe', 'by_category', 'maybe'),
        scheme('by: points', 'by: guess', 'by', 'guess'),
        scheme('voters: [member, resident]}\nballot', 'voters: [cadre]}\nballot', 'voters',
               'cadre'),
        scheme(', voters: [member, resident]}\nballot', '}\nballot', 'voters', line=False),
        scheme('everyone_below: 20', 'everyone_below: -1', 'everyone_below', '-1'),
        scheme('title: 出错用例', 'title: 出错用例\ntitle: 又一次', 'title', line=False),
        scheme('ties: [masses]', 'ties: &t [masses]', line=False),
        scheme('ties: [masses]', 'ties: masses', 'ties'),
        scheme('categories:\n', 'categories: {}\nrest:\n', line=False),
        scheme('id: errors\n', 'graded: hamlet\nid: errors\n', 'graded', 'hamlet'),
        Case('scheme: an empty file', {'scheme': ''}, Want('scheme')),
        Case('scheme: not UTF-8', {'scheme': SCHEME.encode('gb18030')}, Want('scheme')),
        Case('scheme: no ballot options', {'scheme': re.sub(r'ballot:\n(  .*\n)+', '', SCHEME)},
             Want('scheme', None, 'options')),
        Case('scheme: a bracket that never ends',
             {'scheme': SCHEME.replace('[masses]', '[masses')}, Want('scheme')),
    ]


def joint_cases():
    bad_orgs = with_line(ORGS, 4, 'B,T,乙所,unit,farm,4,6')
    bad_scores = with_line(SCORES, 2, 'A,boss,R1,leader,50')
    bad_ballots = with_line(BALLOTS, 3, 'A,resident,superb,6')
    return [
        Case('all three files at once',
             {'orgs': bad_orgs, 'scores': bad_scores, 'ballots': bad_ballots},
             Want('orgs', 4, 'field', 'farm'), Want('scores', 2, 'source', 'boss'),
             Want('ballots', 3, 'option', 'superb')),
        Case('two errors in one file', {'scores': with_line(with_line(
            SCORES, 2, 'A,boss,R1,leader,50'), 7, 'B,committee,R1,venue,-3')},
             Want('scores', 2, 'source', 'boss'), Want('scores', 7, 'points', '-3')),
    ]


# ---- checking ---------------------------------------------------------------

def left_behind(folder):
    """Files in the folder that were not there before; '' if none."""
    known = set(command.INPUTS.values()) | {'out.csv', 'summary.csv'}
    return ' '.join(sorted(set(os.listdir(folder)) - known))


def run_refused(jinwei, folder, files, statuses=(2,)):
    """Runs over older results; returns (result, notes on status and files)."""
    command.write_inputs(folder, files)
    out, summary = os.path.join(folder, 'out.csv'), os.path.join(folder, 'summary.csv')
    for path in (out, summary):
        with open(path, 'wb') as file:
            file.write(b'older\n')
    result = command.run(jinwei, command.grade_args(folder) + ['--out', out, '--summary', summary],
                         out, summary)
    notes = []
    if result.status not in statuses:
        notes.append('exit status %d' % result.status)
    if result.out != b'older\n' or result.summary != b'older\n':
        notes.append('something was written')
    if left_behind(folder):
        notes.append('left behind: ' + left_behind(folder))
    return result, notes


def check_case(tap, jinwei, case):
    with tempfile.TemporaryDirectory(prefix='jinwei-errors-') as folder:
        result, notes = run_refused(jinwei, folder, case.files)
    messages = result.stderr.splitlines()
    notes += [str(want) for want in case.wants if not any(map(want.met_by, messages))]
    title = case.title.replace('\n', '\\n').replace('#', '＃')
    tap.check(not notes, title, notes + [result.stderr])


def check_control(tap, jinwei):
    """The files that the table breaks are good as they stand."""
    for name, scores in (('long', SCORES), ('wide', WIDE)):
        files = Case(name, {'scores': scores}).files
        with tempfile.TemporaryDirectory(prefix='jinwei-errors-') as folder:
            result = command.grade(jinwei, folder, files)
        out, summary, _ = reference.run(*(files[key] for key in command.INPUTS))
        tap.check(result.status == 3 and (result.out, result.summary) == (out, summary),
                  'the unbroken files are graded, %s' % name, [result.status, result.stderr])


def check_many(tap, jinwei):
    """The first 50 of all files and their total."""
    bad = {'orgs': ORGS + ''.join('N%d,X,n,unit,village,1,1\n' % i for i in range(30)),
           'scores': SCORES + ''.join('A,boss,R%d,leader,1\n' % i for i in range(47)),
           'ballots': BALLOTS + 'A,member,superb,1\n' * 60}
    for title, changes, total in (('in one file', {'ballots': bad['ballots']}, 60),
                                  ('in three files', bad, 137)):
        with tempfile.TemporaryDirectory(prefix='jinwei-errors-') as folder:
            result, notes = run_refused(jinwei, folder, Case(title, changes).files)
        shown = [line for line in result.stderr.splitlines()
                 if re.search(r'(orgs|scores|ballots)\.csv', line)]
        if len(shown) != 50:
            notes.append('%d messages shown' % len(shown))
        if not re.search(r'(?<!\d)%d(?!\d)' % total, result.stderr):
            notes.append('the total %d is not named' % total)
        tap.check(not notes, 'more than 50 errors %s' % title, notes + [result.stderr])


def check_warning(tap, jinwei):
    """Unknown columns are ignored with a warning."""
    changes = {'orgs': ORGS.replace('residents\n', 'residents,书记\n').replace('0\n', '0,x\n')
               .replace('5\n', '5,x\n').replace('6\n', '6,x\n')}
    with tempfile.TemporaryDirectory(prefix='jinwei-errors-') as folder:
        result = command.grade(jinwei, folder, Case('', changes).files)
    tap.check(result.status == 3 and '书记' in result.stderr, 'an unknown column is warned of',
              [result.status, result.stderr])


def check_usage(tap, jinwei):
    """Arguments that make no sense, and files that are not there."""
    with tempfile.TemporaryDirectory(prefix='jinwei-errors-') as folder:
        command.write_inputs(folder, Case('', {}).files)
        args = command.grade_args(folder)
        out, summary = os.path.join(folder, 'out.csv'), os.path.join(folder, 'summary.csv')
        cases = [('an unknown option', args + ['--outt', out], (2,)),
                 ('an argument too many', args + ['--out', out, 'more'], (2,)),
                 ('no --orgs', args[:2] + args[4:] + ['--out', out], (2,)),
                 ('no --scheme', args[2:] + ['--out', out], (2,)),
                 ('two inputs from standard input',
                  args[:5] + ['-', '--ballots', '-', '--out', out], (2,)),
                 ('two outputs to standard output', args + ['--out', '-', '--summary', '-'], (2,)),
                 ('a scheme that does not exist',
                  ['--scheme', 'no-such-scheme'] + args[2:] + ['--out', out], (1, 2)),
                 ('an input that does not exist',
                  args[:5] + [os.path.join(folder, 'none.csv')] + args[6:] + ['--out', out],
                  (1, 2)),
                 ('an output that cannot be written',
                  args + ['--out', os.path.join(folder, 'none', 'out.csv')], (1, 2)),
                 ('a summary that cannot be written',
                  args + ['--out', out, '--summary', os.path.join(folder, 'none', 's.csv')],
                  (1, 2))]
        for title, line, statuses in cases:
            result = command.run(jinwei, line, out, summary)
            good = result.status in statuses and result.out is None and result.stderr
            tap.check(good and not result.stdout, 'usage: ' + title,
                      [result.status, result.stdout, result.stderr])
            if result.out is not None:
                os.unlink(out)


def check_streams(tap, jinwei):
    """`-` is standard input or output; without --out results go to the latter."""
    with tempfile.TemporaryDirectory(prefix='jinwei-errors-') as folder:
        files = Case('', {}).files
        result = command.grade(jinwei, folder, files)
        args = command.grade_args(folder)
        out, summary = os.path.join(folder, 'none.csv'), os.path.join(folder, 'none.csv')
        plain = command.run(jinwei, args, out, summary)
        tap.check(plain.stdout == result.out and plain.status == 3,
                  'without --out the results go to standard output', [plain.stderr])
        for at, key in ((3, 'orgs'), (5, 'scores'), (7, 'ballots')):
            line = args[:at] + ['-'] + args[at + 1:] + ['--out', '-']
            piped = command.run(jinwei, line, out, summary, stdin=files[key])
            tap.check(piped.stdout == result.out and piped.status == 3,
                      '%s from standard input' % key, [piped.status, piped.stderr])


def check_all(tap, jinwei):
    check_control(tap, jinwei)
    for cases in (orgs_cases(), scores_cases(), wide_cases(), ballots_cases(), number_cases(),
                  scheme_cases(), joint_cases()):
        for case in cases:
            check_case(tap, jinwei, case)
    check_many(tap, jinwei)
    check_warning(tap, jinwei)
    check_usage(tap, jinwei)
    check_streams(tap, jinwei)
