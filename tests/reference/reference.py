#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The slow, obvious arithmetic of grading.

A second reading of the contract, kept apart from the engine: it shares no code
with it, uses exact fractions everywhere and prefers the plainest way to say a
rule over any faster one. It takes good input only; what the command says about
bad input is tested elsewhere.

    reference.py SCHEME ORGS SCORES BALLOTS OUT SUMMARY
"""

import csv
import io
import re
import sys
from fractions import Fraction
from math import ceil, floor

import yamlish

LEVELS = ['province', 'city', 'county', 'township', 'unit']
LEVEL_LABELS = {'province': ['省级', '省'], 'city': ['市级', '市'], 'county': ['县级', '县'],
                'township': ['乡级', '乡镇', '乡'], 'unit': ['基层', '支部']}
FIELD_LABELS = {'village': '农村', 'community': '街道社区', 'agency': '机关',
                'institution': '其他事业单位', 'soe': '国有企业', 'private': '非公有制经济组织',
                'social': '社会组织', 'university': '高等院校', 'school': '学校',
                'hospital': '医疗卫生单位', 'area': '地方党委'}
VOTER_LABELS = {'member': '党员', 'resident': '群众'}
HEADINGS = {
    'orgs': {'code': '组织代码', 'parent': '上级代码', 'name': '名称', 'level': '层级',
             'field': '领域', 'members': '党员数', 'residents': '群众数', 'kind': '组织类型',
             'present_members': '在村在岗党员数', 'present_residents': '在村在岗群众数'},
    'scores': {'org': '组织代码', 'source': '评价主体', 'rater': '评价人', 'indicator': '指标',
               'points': '得分'},
    'ballots': {'org': '组织代码', 'voters': '评议人类别', 'option': '选项', 'count': '票数'},
}
WIDE_IGNORED = ['name', '名称', 'note', '备注']


# ---- numbers and cells ------------------------------------------------------

def decimal(text):
    assert re.fullmatch(r'[0-9]+(\.[0-9]{1,4})?', text), text
    return Fraction(text)


def count(text):
    assert re.fullmatch(r'[0-9]+', text), text
    return int(text)


def percent(text):
    assert text.endswith('%'), text
    return decimal(text[:-1]) / 100


def half_up(value, places):
    """`value` rounded half up; it is never negative here."""
    return Fraction(floor(value * 10 ** places + Fraction(1, 2)), 10 ** places)


def fixed(value, places):
    """A value that has at most `places` decimals, written with exactly so many."""
    units = value * 10 ** places
    assert units.denominator == 1
    digits = str(units.numerator).rjust(places + 1, '0')
    return digits if places == 0 else digits[:-places] + '.' + digits[-places:]


_WIDE = {0xFF10 + i: 0x30 + i for i in range(10)}
_WIDE.update({0xFF21 + i: 0x41 + i for i in range(26)})
_WIDE.update({0xFF41 + i: 0x61 + i for i in range(26)})
_WIDE[0xFF0E] = 0x2E


def narrow(text):
    """Full-width digits, letters and points as ASCII."""
    return text.translate(_WIDE)


# ---- the scheme -------------------------------------------------------------

class Item:
    def __init__(self, data, categories):
        self.id, self.label = data['id'], data['label']
        self.max = decimal(data['max'])
        self.categories = data.get('categories', categories)


class Indicator:
    def __init__(self, data, categories):
        self.id, self.label = data['id'], data['label']
        self.max = decimal(data['max'])
        self.max_by_category = {c: decimal(m)
                                for c, m in data.get('max_by_category', {}).items()}
        self.items = [Item(i, categories) for i in data.get('items', [])]

    def max_for(self, category):
        return self.max_by_category.get(category, self.max)

    def items_for(self, category):
        return [i for i in self.items if category in i.categories and i.max > 0]


def yes(text):
    assert text in ('true', 'false'), text
    return text == 'true'


class Scope:
    """`within` and `by_category`, as ranking, quotas and stars have them."""

    def __init__(self, data):
        self.within = data.get('within', 'all')
        self.by_category = yes(data.get('by_category', 'false'))


class Scheme:
    def __init__(self, data):
        self.graded = data.get('graded', 'unit')
        self.kinds = data.get('kinds', [])
        self.levels = data.get('levels', {})
        self.categories = data['categories']
        ids = [c['id'] for c in self.categories]
        self.indicators = [Indicator(i, ids) for i in data['indicators']]
        self.sources = data['sources']
        ballot = data.get('ballot', {})
        self.options = ballot.get('options', [])
        self.turnout = ballot.get('turnout', [])
        score = data.get('score', {})
        self.places = int(score.get('places', '2'))
        self.scale_to_100 = yes(score.get('scale_to_100', 'false'))
        self.grades = data['grades']
        self.grade_ids = [g['id'] for g in self.grades]
        self.ties = data.get('ties', [])
        self.ranking = Scope(data.get('ranking', {}))
        self.quotas = data.get('quotas', [])
        self.stars = data.get('stars', [])
        self.approval = data.get('approval', [])

    def category_of_field(self, field):
        for category in self.categories:
            if field in category['fields']:
                return category['id']
        return None

    def indicator_key(self, text):
        """(indicator id, item id or None) of `indicator` or `indicator/item`."""
        name, _, rest = text.partition('/')
        for indicator in self.indicators:
            if name in (indicator.id, indicator.label):
                if not rest:
                    return indicator.id, None
                for item in indicator.items:
                    if rest in (item.id, item.label):
                        return indicator.id, item.id
        raise KeyError(text)

    def by_id_or_label(self, things, text):
        for thing in things:
            if text in (thing['id'], thing['label']):
                return thing['id']
        raise KeyError(text)

    def level(self, text):
        for level in LEVELS:
            if text == level or text == self.levels.get(level) or text in LEVEL_LABELS[level]:
                return level
        raise KeyError(text)


# ---- the files --------------------------------------------------------------

def decode(data):
    if data.startswith(b'\xef\xbb\xbf'):
        return data[3:].decode('utf-8')
    try:
        return data.decode('utf-8')
    except UnicodeDecodeError:
        return data.decode('gb18030')


def records(data):
    """(head, rows); cells trimmed, rows with only empty cells left out."""
    rows = [[cell.strip() for cell in row]
            for row in csv.reader(io.StringIO(decode(data), newline=''))]
    rows = [row for row in rows if any(row)]
    return rows[0], rows[1:]


def columns(head, known):
    """Index of every known column in the head row, by its English name."""
    found = {}
    for at, heading in enumerate(head):
        for name, chinese in known.items():
            if heading in (name, chinese):
                found[name] = at
    return found


def cell(row, found, name, default=''):
    return narrow(row[found[name]]) if name in found else default


class Org:
    """A node of the tree and, where it is graded, what became of it."""

    def __init__(self, scheme, row, at):
        self.code = cell(row, at, 'code')
        self.parent = cell(row, at, 'parent')
        self.name = row[at['name']]
        self.level = scheme.level(cell(row, at, 'level'))
        self.field = field_id(cell(row, at, 'field'))
        self.kind = cell(row, at, 'kind')
        self.eligible = {
            'member': cell(row, at, 'present_members') or cell(row, at, 'members') or '0',
            'resident': cell(row, at, 'present_residents') or cell(row, at, 'residents') or '0'}
        self.ancestors = []             # nearest first
        self.category = scheme.category_of_field(self.field)
        if self.kind and scheme.kinds and self.kind not in scheme.kinds:
            self.category = None
        self.status = None
        self.composite = self.published = None
        self.grade = None               # index into the scheme's grades; 0 is the highest
        self.grade_by = self.rank = self.stars = self.approval = ''
        self.source_scores = {}

    def order(self, scheme):
        """Composite, then the scores of the sources that break ties."""
        return (self.composite,) + tuple(self.source_scores[t] for t in scheme.ties)


def field_id(text):
    for field, label in FIELD_LABELS.items():
        if text in (field, label):
            return field
    assert text == '', text
    return ''


def read_orgs(scheme, data):
    head, rows = records(data)
    at = columns(head, HEADINGS['orgs'])
    orgs = [Org(scheme, row, at) for row in rows]
    by_code = {org.code: org for org in orgs}
    for org in orgs:
        up = org.parent
        while up:
            org.ancestors.append(by_code[up])
            up = by_code[up].parent
    return orgs


def read_scores(scheme, data):
    """{(org, source): {rater: {(indicator, item): points}}}; the key of a
    source by points is ('', None)."""
    head, rows = records(data)
    at = columns(head, HEADINGS['scores'])
    table = {}

    def put(row, key, text):
        source = scheme.by_id_or_label(scheme.sources, cell(row, at, 'source'))
        raters = table.setdefault((cell(row, at, 'org'), source), {})
        points = raters.setdefault(cell(row, at, 'rater'), {})
        assert key not in points, row
        points[key] = decimal(text)

    for row in rows:
        if 'indicator' in at:
            text = cell(row, at, 'indicator')
            put(row, scheme.indicator_key(text) if text else ('', None), cell(row, at, 'points'))
            continue
        for i, heading in enumerate(head):
            if row[i] == '' or heading in WIDE_IGNORED:
                continue
            if i == at.get('points'):
                put(row, ('', None), narrow(row[i]))
            elif i not in at.values():
                put(row, scheme.indicator_key(narrow(heading)), narrow(row[i]))
    return table


def read_ballots(scheme, data):
    """{(org, voters): {option: count}}"""
    head, rows = records(data)
    at = columns(head, HEADINGS['ballots'])
    options = scheme.options + [{'id': 'spoiled', 'label': '废票'}]
    table = {}
    for row in rows:
        voters = cell(row, at, 'voters')
        voters = [v for v, label in VOTER_LABELS.items() if voters in (v, label)][0]
        option = scheme.by_id_or_label(options, cell(row, at, 'option'))
        counts = table.setdefault((cell(row, at, 'org'), voters), {})
        counts[option] = counts.get(option, 0) + count(cell(row, at, 'count', '1'))
    return table


# ---- the sources ------------------------------------------------------------

def rater_total(scheme, category, points):
    """Rule 1: one rater's sum, or None where something is missing."""
    total = Fraction(0)
    for indicator in scheme.indicators:
        if indicator.max_for(category) == 0:
            continue
        items = indicator.items_for(category)
        by_items = [points.get((indicator.id, item.id)) for item in items]
        if (indicator.id, None) in points:
            assert all(p is None for p in by_items)
            total += points[(indicator.id, None)]
        elif items and None not in by_items:
            total += sum(by_items)
        else:
            return None
    return total


def score_by_indicators(scheme, org, raters):
    totals = [rater_total(scheme, org.category, points) for points in raters.values()]
    if not totals or None in totals:
        return None
    mean = sum(totals) / len(totals)
    if scheme.scale_to_100:
        mean = mean * 100 / sum(i.max_for(org.category) for i in scheme.indicators)
    return mean


def score_by_points(raters):
    figures = [points[('', None)] for points in raters.values()]
    return sum(figures) / len(figures) if figures else None


def score_by_ballots(scheme, org, source, ballots):
    pooled = {}
    for voters in source['voters']:
        for option, n in ballots.get((org.code, voters), {}).items():
            pooled[option] = pooled.get(option, 0) + n
    valid = sum(n for option, n in pooled.items() if option != 'spoiled')
    if valid == 0:
        return None
    return sum(decimal(o['points']) * pooled.get(o['id'], 0) for o in scheme.options) / valid


def source_score(scheme, org, source, scores, ballots):
    raters = scores.get((org.code, source['id']), {})
    if source['by'] == 'indicators':
        return score_by_indicators(scheme, org, raters)
    if source['by'] == 'points':
        return score_by_points(raters)
    return score_by_ballots(scheme, org, source, ballots)


def turnout_met(rule, org, ballots):
    """Rule 4."""
    cast = sum(sum(ballots.get((org.code, v), {}).values()) for v in rule['voters'])
    eligible = sum(count(org.eligible[v]) for v in rule['voters'])
    if 'everyone_below' in rule and eligible < count(rule['everyone_below']):
        return cast >= eligible
    return cast >= percent(rule['at_least']) * eligible


# ---- grades, quotas, ranks, stars -------------------------------------------

def groups(orgs, scope):
    """The organisations split as `scope` says, each list in the order given."""
    out = {}
    for org in orgs:
        above = [a.code for a in org.ancestors if a.level == scope.within]
        key = (above[0] if above else None, org.category if scope.by_category else None)
        out.setdefault(key, []).append(org)
    return list(out.values())


def sets_of_equals(scheme, orgs):
    """Lists of equals, the lowest first."""
    by_order = {}
    for org in orgs:
        by_order.setdefault(org.order(scheme), []).append(org)
    return [by_order[order] for order in sorted(by_order)]


def assess(scheme, org, scores, ballots):
    """Status, composite, published score and the grade by score."""
    if org.category is None:
        org.status = 'outside'
        return
    for source in scheme.sources:
        org.source_scores[source['id']] = source_score(scheme, org, source, scores, ballots)
    missing = [s['id'] for s in scheme.sources if org.source_scores[s['id']] is None]
    if missing:
        org.status = 'missing:' + '+'.join(missing)
        return
    failed = [r for r in scheme.turnout if not turnout_met(r, org, ballots)]
    if failed:
        org.status = 'turnout:' + ','.join('+'.join(r['voters']) for r in failed)
        return
    org.status = 'graded'
    org.composite = sum(percent(s['weight']) * org.source_scores[s['id']]
                        for s in scheme.sources)
    org.published = half_up(org.composite, scheme.places)
    org.grade = next(i for i, grade in enumerate(scheme.grades)
                     if 'from' not in grade or decimal(grade['from']) <= org.published)
    org.grade_by = 'score'


def apply_quota(scheme, quota, in_scope):
    """Rule 7 for one quota; in_scope holds all but those outside."""
    grade = scheme.grade_ids.index(quota['grade'])
    for group in groups(in_scope, Scope(quota)):
        required = ceil(percent(quota['at_least']) * len(group))
        graded = [o for o in group if o.status == 'graded']
        have = sum(1 for o in graded if o.grade >= grade)
        for equals in sets_of_equals(scheme, [o for o in graded if o.grade < grade]):
            if have >= required:
                break
            for org in equals:
                org.grade, org.grade_by = grade, 'quota'
            have += len(equals)


def apply_stars(scheme, rule, graded):
    """Rule 9 for one rule."""
    grade = scheme.grade_ids.index(rule['grade'])
    line = decimal(rule.get('from', '0'))
    for group in groups(graded, Scope(rule)):
        of_grade = [o for o in group if o.grade == grade]
        open_ = [o for o in of_grade if o.stars == '' and o.published >= line]
        cap = len(open_)
        if 'at_most' in rule:
            cap = floor(percent(rule['at_most']) * len(of_grade))
        given = 0
        for equals in reversed(sets_of_equals(scheme, open_)):
            if given + len(equals) > cap:
                break
            for org in equals:
                org.stars = rule['stars']
            given += len(equals)


def approval(scheme, org):
    """Rule 10."""
    for rule in scheme.approval:
        if org.stars in rule.get('stars', []):
            return rule['level']
        if scheme.grade_ids[org.grade] in rule.get('grades', []):
            return rule['level']
    return ''


def grade_all(scheme, orgs, scores, ballots):
    """Fills in every organisation of the level that is graded; returns them."""
    subjects = [o for o in orgs if o.level == scheme.graded]
    for org in subjects:
        assess(scheme, org, scores, ballots)
    in_scope = [o for o in subjects if o.status != 'outside']
    graded = [o for o in subjects if o.status == 'graded']
    for quota in scheme.quotas:
        apply_quota(scheme, quota, in_scope)
    for group in groups(graded, scheme.ranking):
        for org in group:
            better = [o for o in group if o.order(scheme) > org.order(scheme)]
            org.rank = str(1 + len(better))
    for rule in scheme.stars:
        apply_stars(scheme, rule, graded)
    for org in graded:
        org.approval = approval(scheme, org)
    return subjects


# ---- what is written --------------------------------------------------------

def csv_line(cells):
    out = []
    for text in cells:
        if any(ch in text for ch in ',"\r\n'):
            text = '"' + text.replace('"', '""') + '"'
        out.append(text)
    return ','.join(out) + '\n'


def write_out(scheme, subjects):
    text = csv_line(['code', 'name', 'category', 'score', 'grade', 'grade_by', 'rank', 'stars',
                     'approval', 'status'])
    for org in subjects:
        graded = org.status == 'graded'
        text += csv_line([
            org.code, org.name, org.category or '',
            fixed(org.published, scheme.places) if graded else '',
            scheme.grade_ids[org.grade] if graded else '',
            org.grade_by, org.rank, org.stars, org.approval, org.status])
    return text.encode('utf-8')


def summary_row(scheme, node, category, orgs):
    graded = [o for o in orgs if o.status == 'graded']
    row = [node.code, node.level, category, str(len(orgs)), str(len(graded))]
    row += [str(sum(1 for o in graded if o.grade == i)) for i in range(len(scheme.grades))]
    row += [str(sum(1 for o in graded if o.stars == str(n))) for n in range(6)]
    mean = ''
    if graded:
        mean = fixed(half_up(sum(o.composite for o in graded) / len(graded), 2), 2)
    return csv_line(row + [mean])


def write_summary(scheme, orgs, subjects):
    text = csv_line(['code', 'level', 'category', 'orgs', 'graded'] + scheme.grade_ids +
                    ['stars_%d' % n for n in range(6)] + ['mean_score'])
    for node in orgs:
        if LEVELS.index(node.level) >= LEVELS.index(scheme.graded):
            continue
        below = [o for o in subjects if node in o.ancestors]
        text += summary_row(scheme, node, '', below)
        for category in [c['id'] for c in scheme.categories]:
            of_it = [o for o in below if o.category == category]
            if of_it:
                text += summary_row(scheme, node, category, of_it)
    return text.encode('utf-8')


def run(scheme_bytes, orgs_bytes, scores_bytes, ballots_bytes):
    """(out, summary, all graded): what the command must write, byte for byte."""
    scheme = Scheme(yamlish.loads(scheme_bytes.decode('utf-8')))
    orgs = read_orgs(scheme, orgs_bytes)
    scores = read_scores(scheme, scores_bytes)
    ballots = read_ballots(scheme, ballots_bytes)
    subjects = grade_all(scheme, orgs, scores, ballots)
    return (write_out(scheme, subjects), write_summary(scheme, orgs, subjects),
            all(o.status == 'graded' for o in subjects))


def main(args):
    if len(args) != 6:
        sys.exit(__doc__)
    inputs = []
    for path in args[:4]:
        with open(path, 'rb') as file:
            inputs.append(file.read())
    out, summary, _ = run(*inputs)
    for path, data in ((args[4], out), (args[5], summary)):
        with open(path, 'wb') as file:
            file.write(data)


if __name__ == '__main__':
    main(sys.argv[1:])
