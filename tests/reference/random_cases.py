# SPDX-License-Identifier: Apache-2.0
"""Makes small random grading cases that sit where mistakes are: on grade lines,
on half-up ties, among equals, on turnout lines, in odd trees.

case(seed, index) is a function of its two arguments only.
"""

import random
from fractions import Fraction

import reference
from model import Model, random_dress
from reference import LEVELS

E4 = 10000
NAMES = ['张家村', '李庄', '南山支部', 'a,b 村', '引"号"村', '换\n行村', '𠮷村', '第一 支部',
         "O'Neil", '晋位·村', '㐱村']


def text_e4(value, rng=None):
    """A number in ten thousandths as decimal text, at times with idle zeros."""
    text = '%d.%04d' % (value // E4, value % E4)
    short = text.rstrip('0').rstrip('.')
    if rng is None or rng.random() < 0.9:
        return short
    spare = len(text) - len(short)
    return text[:len(text) - rng.randint(0, spare)].rstrip('.')


def parts(rng, total, n, unit, least=1):
    """`total` split into n shares, multiples of `unit`, each at least `least` units."""
    units = total // unit
    if units < n * max(least, 1):
        return parts(rng, total, n, max(1, unit // 100), least)
    cuts = sorted(rng.sample(range(1, units), n - 1)) if least else \
        sorted(rng.randint(0, units) for _ in range(n - 1))
    edges = [0] + cuts + [units]
    out = [(edges[i + 1] - edges[i]) * unit for i in range(n)]
    out[0] += total - units * unit
    return out


# ---- the scheme -------------------------------------------------------------

def make_categories(rng):
    fields = list(reference.FIELD_LABELS)
    rng.shuffle(fields)
    out, ids = [], ['village', 'other', 'c3', 'big-co']
    for i in range(rng.choice([1, 2, 2, 3, 4])):
        size = rng.randint(1, 3)
        out.append({'id': ids[i], 'label': '类别' + '一二三四'[i], 'fields': fields[:size]})
        fields = fields[size:]
    return out


def make_items(rng, max_of, categories):
    """Items whose maxima add to the indicator's for every category, or None."""
    maxima = set(max_of.values())
    items = []
    left = dict(max_of)
    smallest = min(maxima)
    if smallest > E4 and rng.random() < 0.6:
        common = smallest if len(maxima) == 1 else smallest // 2 // E4 * E4
        if common:
            for share in parts(rng, common, rng.randint(1, 3), 1000):
                items.append({'max': text_e4(share)})
            left = {c: m - common for c, m in left.items()}
    for rest in sorted(set(left.values()) - {0}):
        of_it = [c for c in categories if left[c] == rest]
        for share in parts(rng, rest, rng.randint(1, 2), 1000):
            item = {'max': text_e4(share)}
            if len(of_it) < len(categories) or rng.random() < 0.3:
                item['categories'] = of_it
            items.append(item)
    for i, item in enumerate(items):
        head = {'id': 'i%d' % (i + 1), 'label': '条目%d' % (i + 1)}
        head.update(item)
        if rng.random() < 0.2:
            head['notes'] = '查看记录'
        item.clear()
        item.update(head)
    return items


def make_indicators(rng, categories, scaled):
    n = rng.choice([1, 2, 3, 3, 5, 7])
    unit = rng.choice([E4, E4, 5000, 100, 1])
    totals = {c: rng.choice([60, 107, 150]) * E4 if scaled else 100 * E4 for c in categories}
    total = 130 * E4 if scaled else 100 * E4
    plain = parts(rng, total, n, unit)
    max_of = {}
    for c in categories:
        own = rng.random() < (0.5 if scaled else 0.3)
        max_of[c] = parts(rng, totals[c], n, unit, least=0) if own else plain
    out = []
    for i in range(n):
        indicator = {'id': 'x%d' % i, 'label': '指标%d' % (i + 1), 'max': text_e4(plain[i], rng)}
        other = {c: text_e4(max_of[c][i]) for c in categories if max_of[c][i] != plain[i]}
        if other:
            indicator['max_by_category'] = other
        if rng.random() < 0.2:
            items = make_items(rng, {c: max_of[c][i] for c in categories}, categories)
            if items:
                indicator['items'] = items
        out.append(indicator)
    return out


def make_sources(rng):
    n = rng.choice([1, 2, 3, 3, 4, 5])
    unit = rng.choice([10 * E4, 5 * E4, 5 * E4, E4, 1])
    weights = parts(rng, 100 * E4, n, unit)
    if n == 3 and rng.random() < 0.3:
        weights = [333333, 333333, 333334]
    ids = ['committee', 'self', 'masses', 'units', 'members']
    labels = ['党委评定', '自评', '群众测评', '单位评', '党员评']
    out = []
    for i in range(n):
        source = {'id': ids[i], 'label': labels[i], 'weight': text_e4(weights[i], rng) + '%',
                  'by': rng.choice(['indicators', 'indicators', 'points', 'ballots'])}
        if source['by'] == 'ballots':
            source['voters'] = rng.choice([['member'], ['resident'], ['member', 'resident']])
        out.append(source)
    return out


def make_ballot(rng, sources):
    voted = any(s['by'] == 'ballots' for s in sources)
    if not voted and rng.random() < 0.9:
        return None
    points = rng.choice([['100', '60', '30', '10'], ['100', '89.5', '79.5', '67', '30'],
                         ['100', '0'], ['100', '66.6667', '33.3333', '0'], ['80', '80', '20']])
    ids = ['best', 'good', 'fair', 'average', 'poor']
    labels = ['很好', '好', '较好', '一般', '较差']
    ballot = {'options': [{'id': ids[i], 'label': labels[i], 'points': p}
                          for i, p in enumerate(points)]}
    rules = []
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        rule = {'voters': rng.choice([['member'], ['resident'], ['member', 'resident']]),
                'at_least': rng.choice(['30%', '10%', '100%', '50%', '33.3333%', '0%'])}
        if rng.random() < 0.5:
            rule['everyone_below'] = rng.choice(['20', '5', '3'])
        if rule['voters'] not in [r['voters'] for r in rules]:
            rules.append(rule)
    if rules:
        ballot['turnout'] = rules
    return ballot


def make_grades(rng):
    n = rng.choice([2, 3, 4, 4, 5])
    step = rng.choice([5 * E4, 5 * E4, E4, 2500, 1])
    lines = sorted(rng.sample(range(20 * E4 // step, 100 * E4 // step + 1), n - 1), reverse=True)
    ids = ['best', 'good', 'fair', 'average', 'poor'][-n:]
    labels = ['很好', '好', '较好', '一般', '较差'][-n:]
    out = []
    for i in range(n):
        grade = {'id': ids[i], 'label': labels[i]}
        if i < n - 1:
            grade['from'] = text_e4(lines[i] * step, rng)
        if rng.random() < 0.2:
            grade['goal'] = '巩固提高'
        out.append(grade)
    return out


def make_scope(rng, rule):
    if rng.random() < 0.8:
        rule['within'] = rng.choice(['all', 'province', 'city', 'county', 'township', 'township',
                                     'unit'])
    if rng.random() < 0.5:
        rule['by_category'] = rng.choice(['true', 'true', 'false'])
    return rule


def make_quotas(rng, grades):
    out = []
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3])):
        share = rng.choice(['0%', '5%', '10%', '20%', '33.3333%', '50%', '100%', '12.5%'])
        out.append(make_scope(rng, {'grade': rng.choice(grades[-3:])['id'], 'at_least': share}))
    return out


def line_within(rng, grades, wanted):
    """A line for stars that splits the organisations of one grade."""
    at = [g['id'] for g in grades].index(wanted)
    low = Fraction(grades[at].get('from', '40'))
    high = Fraction(grades[at - 1]['from']) if at else Fraction(100)
    return text_e4(int((low + (high - low) * rng.randint(0, 4) / 4) * 100) * E4 // 100)


def make_stars(rng, grades):
    out = []
    for stars in sorted((rng.randint(0, 5) for _ in range(rng.choice([0, 2, 4, 6]))),
                        reverse=True):
        rule = {'stars': str(stars), 'grade': rng.choice(grades[-2:] + grades)['id']}
        if rng.random() < 0.75:
            rule['at_most'] = rng.choice(['0%', '20%', '25%', '33.3333%', '50%', '100%'])
            make_scope(rng, rule)
        if rng.random() < 0.4:
            rule['from'] = rng.choice([line_within(rng, grades, rule['grade']), '50', '85.5'])
        out.append(rule)
    return out


def make_approval(rng, grades):
    out = []
    for _ in range(rng.choice([0, 1, 2, 3])):
        if rng.random() < 0.5:
            rule = {'stars': [str(n) for n in rng.sample(range(6), rng.randint(1, 3))]}
        else:
            rule = {'grades': [g['id'] for g in rng.sample(grades, rng.randint(1, 2))]}
        rule['level'] = rng.choice(LEVELS)
        out.append(rule)
    return out


def make_scheme(rng):
    categories = make_categories(rng)
    scaled = rng.random() < 0.2
    sources = make_sources(rng)
    grades = make_grades(rng)
    scheme = {'id': 'case', 'title': '随机方案', 'source': '测试用，无此文件'}
    if rng.random() < 0.4:
        scheme['graded'] = rng.choice(['unit', 'township', 'county', 'city', 'province'])
    scheme['categories'] = categories
    scheme['indicators'] = make_indicators(rng, [c['id'] for c in categories], scaled)
    scheme['sources'] = sources
    ballot = make_ballot(rng, sources)
    score = {}
    if rng.random() < 0.8:
        score['places'] = rng.choice(['0', '1', '2', '2', '3', '4'])
    if scaled:
        score['scale_to_100'] = 'true'
    ties = rng.sample([s['id'] for s in sources], rng.randint(0, min(2, len(sources))))
    optional = {'ballot': ballot, 'score': score, 'ties': ties,
                'ranking': make_scope(rng, {}), 'quotas': make_quotas(rng, grades),
                'stars': make_stars(rng, grades), 'approval': make_approval(rng, grades),
                'assumptions': ['分值自定'] if rng.random() < 0.3 else []}
    scheme['grades'] = grades
    for key, value in optional.items():
        if value or (value == [] and rng.random() < 0.2):
            scheme[key] = value
    if rng.random() < 0.2:
        scheme['kinds'] = ['党支部', '党总支']
    if rng.random() < 0.1:
        scheme['levels'] = {'county': '学校党委', 'township': '直属党委', 'unit': '党支部'}
    return scheme


# ---- the tree ---------------------------------------------------------------

class Tree:
    """Adds nodes with codes nobody used yet."""

    def __init__(self, rng, scheme):
        self.rng, self.scheme, self.nodes = rng, scheme, []
        self.style = rng.choice(['dots', 'number', 'odd'])
        self.graded = scheme.get('graded', 'unit')
        self.counts = any(r for r in scheme.get('ballot', {}).get('turnout', []))

    def code(self):
        n = len(self.nodes)
        if self.style == 'dots':
            return 'P.%02d.%03d' % (n // 7, n)
        if self.style == 'number':
            return '5223%05d' % (n * 7)
        return self.rng.choice(['村', 'a-b', 'Z,', 'k_']) + str(n)

    def add(self, parent, level):
        rng = self.rng
        node = {'code': self.code(), 'parent': parent['code'] if parent else '',
                'name': rng.choice(NAMES), 'level': level, 'field': '', 'kind': '',
                'members': rng.choice(['', '0', '7']), 'residents': rng.choice(['', '0', '30'])}
        if level == self.graded:
            self.subject(node)
        elif rng.random() < 0.1:
            node['field'] = rng.choice(list(reference.FIELD_LABELS))
        self.nodes.append(node)
        return node

    def subject(self, node):
        rng = self.rng
        fields = [f for c in self.scheme['categories'] for f in c['fields']]
        node['field'] = rng.choice(fields)
        if rng.random() < 0.08:
            node['field'] = rng.choice(list(reference.FIELD_LABELS) + [''])
        if self.scheme.get('kinds') and rng.random() < 0.6:
            node['kind'] = rng.choice(['党支部', '党总支', '党支部', '党委'])
        if self.counts or rng.random() < 0.8:
            node['members'] = str(rng.randint(0, 12))
            node['residents'] = str(rng.randint(0, 25))
        if rng.random() < 0.2:
            node['present_members'] = str(rng.randint(0, 8))
        if rng.random() < 0.2:
            node['present_residents'] = str(rng.randint(0, 15))


def deeper(level, rng):
    """A level below `level`, at times skipping some; None if there is none."""
    below = LEVELS[LEVELS.index(level) + 1:]
    return rng.choice(below[:1] * 3 + below) if below else None


def make_tree(rng, scheme):
    tree = Tree(rng, scheme)
    shape = rng.choice(['usual'] * 16 + ['nothing', 'no subjects', 'only roots', 'deep'])
    if shape == 'nothing':
        return []
    above = LEVELS[:LEVELS.index(tree.graded)]
    if shape != 'only roots':
        make_upper(rng, tree, above, shape)
    if shape != 'no subjects':
        for _ in range(rng.choice([1, 2, 4, 8, 16, 16, 30])):
            choices = [n for n in tree.nodes if n['level'] in above]
            orphaned = not choices or rng.random() < 0.05
            tree.add(None if orphaned else rng.choice(choices), tree.graded)
        make_lower(rng, tree)
    if rng.random() < 0.5:
        rng.shuffle(tree.nodes)
    return tree.nodes


def make_upper(rng, tree, above, shape):
    roots = [tree.add(None, rng.choice(above)) for _ in range(rng.choice([1, 1, 2, 3]))] \
        if above else []
    if shape == 'deep' and above:
        node = tree.add(None, above[0])
        for level in above[1:]:
            node = tree.add(node, level)
    for _ in range(rng.choice([0, 2, 5, 9])):
        parent = rng.choice(tree.nodes) if roots else None
        level = deeper(parent['level'], rng) if parent else None
        if level in above:
            tree.add(parent, level)


def make_lower(rng, tree):
    """Units under units, and nodes below the level that is graded."""
    for _ in range(rng.choice([0, 0, 1, 4, 10])):
        subjects = [n for n in tree.nodes if n['level'] == tree.graded]
        parent = rng.choice(subjects)
        if tree.graded == 'unit':
            tree.add(parent, 'unit')
        else:
            node = tree.add(parent, deeper(parent['level'], rng))
            if node['level'] == 'unit' and rng.random() < 0.5:
                tree.add(node, 'unit')


# ---- scores and ballots -----------------------------------------------------

def e4(text):
    return int(Fraction(text) * E4)


class Scorer:
    """Draws points in the manner of one case."""

    def __init__(self, rng, model):
        self.rng, self.model = rng, model
        self.rules = reference.Scheme(model.scheme)
        self.manner = rng.choice(['coarse', 'coarse', 'half', 'fine'])
        self.gaps = rng.choice([0, 0, 0, 0.02, 0.2])
        self.most_raters = rng.choice([1, 1, 2, 3])
        self.item_chance = rng.choice([0, 0.5, 1])

    def points(self, most, share):
        """Points in 1/10000 of at most `most`."""
        if self.manner == 'coarse':
            return most * share // 5
        if self.manner == 'half':
            return min(most, self.rng.randint(0, most) // 5000 * 5000)
        return self.rng.randint(0, most)

    def rater_rows(self, org, source, rater, category):
        rng, rows = self.rng, []
        share = rng.choice([2, 3, 4, 4, 5, 5])
        if source['by'] == 'points':
            return [[org, source['id'], rater, '', text_e4(self.points(100 * E4, share), rng)]]
        for indicator in self.rules.indicators:
            most = int((indicator.max_for(category) if category else indicator.max) * E4)
            if most == 0:
                continue
            items = indicator.items_for(category) if category else []
            if items and rng.random() < self.item_chance:
                keys = [(indicator.id + '/' + i.id, int(i.max * E4)) for i in items]
            else:
                keys = [(indicator.id, most)]
            for key, limit in keys:
                if rng.random() >= self.gaps / 4:
                    rows.append([org, source['id'], rater, key,
                                 text_e4(self.points(limit, share), rng)])
        return rows

    def score(self, node, category):
        for source in self.model.scheme['sources']:
            if source['by'] == 'ballots' or self.rng.random() < self.gaps:
                continue
            raters = self.rng.sample(['', 'R1', '张三', '会议'],
                                     self.rng.randint(1, self.most_raters))
            for rater in raters:
                self.model.scores += self.rater_rows(node['code'], source, rater, category)

    def vote(self, node):
        rng, scheme = self.rng, self.model.scheme
        options = [o['id'] for o in scheme['ballot']['options']]
        for voters in ('member', 'resident'):
            if rng.random() < self.gaps:
                continue
            shape = rng.choice(['few'] * 6 + ['one'] * 3 + ['some'] * 4 + ['spoiled', 'many'])
            most = {'few': 3, 'one': 1, 'some': 12, 'spoiled': 1, 'many': 40000}[shape]
            picked = ['spoiled'] if shape == 'spoiled' else \
                rng.sample(options, rng.randint(1, len(options)))
            if rng.random() < 0.3:
                picked = picked + ['spoiled', picked[0]]
            for option in picked:
                n = rng.randint(0 if most > 1 else 1, most)
                self.model.ballots.append([node['code'], voters, option, n])

    def settle_turnout(self, node):
        """Members and residents on, just above or just below the turnout lines."""
        cast = {'member': 0, 'resident': 0}
        for code, voters, _, n in self.model.ballots:
            if code == node['code']:
                cast[voters] += n
        for voters, column in (('member', 'members'), ('resident', 'residents')):
            n, rng = cast[voters], self.rng
            node[column] = str(max(0, rng.choice(
                [n, n, n, n * 2, n * 3, n * 10 // 3, n + 1, n - 1, n * 10, 3, 19, 20])))
            present = 'present_' + column
            if node.get(present):
                node[present] = str(max(0, rng.choice([n, n, n + 1, n * 3, 2])))


def category_of(rules, node):
    if node['kind'] and rules.kinds and node['kind'] not in rules.kinds:
        return None
    return rules.category_of_field(node['field'])


def copy_twin(rng, model, rules, nodes):
    """Gives one organisation all the figures of another: true equals."""
    if len(nodes) < 2:
        return
    one, other = rng.sample(nodes, 2)
    if category_of(rules, one) != category_of(rules, other):
        return
    code = other['code']
    for rows in (model.scores, model.ballots):
        rows[:] = [r for r in rows if r[0] != code] + \
            [[code] + r[1:] for r in rows if r[0] == one['code']]
    for name in ('members', 'residents', 'present_members', 'present_residents'):
        other[name] = one.get(name, '')


def targets(rng, rules):
    """Composites worth hitting: a grade line, what just rounds to it, what just
    does not, and any half-up tie."""
    half = Fraction(1, 2 * 10 ** rules.places)
    lines = [reference.decimal(g['from']) for g in rules.grades if 'from' in g]
    stars = [reference.decimal(r['from']) for r in rules.stars if 'from' in r]
    line = rng.choice(lines + stars * 2)
    tie = Fraction(rng.randint(20, 99)) + half
    return [line, line - half, line - half - Fraction(1, 10 ** 6), line + half, tie]


def current_scores(model, rules, org, category):
    """Every source's score of an organisation as its figures are now."""
    table, ballots = {}, {}
    for code, source, rater, key, points in model.scores:
        if code == org['code']:
            name, _, item = key.partition('/')
            table.setdefault((code, source), {}).setdefault(rater, {})[
                (name, item or None)] = Fraction(points)
    for code, voters, option, n in model.ballots:
        if code == org['code']:
            counts = ballots.setdefault((code, voters), {})
            counts[option] = counts.get(option, 0) + n
    subject = type('Subject', (), {'code': org['code'], 'category': category})()
    return {s['id']: reference.source_score(rules, subject, s, table, ballots)
            for s in rules.sources}


def hit_line(rng, model, rules, node, aims):
    """Turns one source's figures so that the composite is exactly one of the aims."""
    category = category_of(rules, node)
    if category is None:
        return
    scores = current_scores(model, rules, node, category)
    if None in scores.values():
        return
    sources = list(rules.sources)
    rng.shuffle(sources)
    for target in rng.sample(aims, 3):
        for source in sources:
            weight = reference.percent(source['weight'])
            rest = sum(reference.percent(s['weight']) * scores[s['id']]
                       for s in rules.sources if s is not source)
            wanted = (target - rest) / weight if weight else Fraction(-1)
            if set_source(model, rules, node, source, wanted, category):
                return


def set_source(model, rules, node, source, wanted, category):
    """Gives the source one rater with exactly this score, if that can be written."""
    if source['by'] == 'ballots' or not 0 <= wanted <= 100:
        return False
    left = wanted * E4
    if source['by'] == 'indicators' and rules.scale_to_100:
        left = left * sum(i.max_for(category) for i in rules.indicators) / 100
    if left.denominator != 1:
        return False
    keep = [r for r in model.scores if r[0] != node['code'] or r[1] != source['id']]
    left, rows = int(left), []
    if source['by'] == 'points':
        rows.append([node['code'], source['id'], 'R1', '', text_e4(left)])
        left = 0
    else:
        for indicator in rules.indicators:
            most = int(indicator.max_for(category) * E4)
            if most:
                points = min(most, left)
                left -= points
                rows.append([node['code'], source['id'], 'R1', indicator.id, text_e4(points)])
    assert left == 0
    model.scores[:] = keep + rows
    return True


def make_figures(rng, model):
    scorer = Scorer(rng, model)
    graded = model.scheme.get('graded', 'unit')
    nodes = [n for n in model.orgs if n['level'] == graded]
    turnout = model.scheme.get('ballot', {}).get('turnout')
    for node in nodes:
        scorer.score(node, category_of(scorer.rules, node))
        if 'ballot' in model.scheme:
            scorer.vote(node)
            if turnout and rng.random() < 0.8:
                scorer.settle_turnout(node)
    aims = targets(rng, scorer.rules)
    for node in nodes:
        if rng.random() < 0.4:
            hit_line(rng, model, scorer.rules, node, aims)
    for _ in range(len(nodes) // 4):
        copy_twin(rng, model, scorer.rules, nodes)
    if rng.random() < 0.5:
        rng.shuffle(model.scores)
        rng.shuffle(model.ballots)


def case(seed, index):
    """(model, dress) of one case."""
    rng = random.Random('%s/%s' % (seed, index))
    model = Model(make_scheme(rng))
    model.orgs = make_tree(rng, model.scheme)
    make_figures(rng, model)
    return model, random_dress(rng)
