# SPDX-License-Identifier: Apache-2.0
"""What must hold of the command whatever the figures are.

Each property takes (rng, model, run), where run(model, dress) grades through
the command, and returns '' or a note that says how it was broken. They need no
reference: they catch the mistakes that two readings could share.
"""

import csv
import io
from fractions import Fraction

from model import Dress
from tap import difference


def rows_by_key(data, width):
    """The file's rows by their first `width` cells, the heading among them."""
    rows = list(csv.reader(io.StringIO(data.decode('utf-8'), newline='')))
    return {tuple(row[:width]): row for row in rows}


def same(one, other):
    """Both runs gave the same files, byte for byte."""
    if one.status != other.status:
        return 'status %d and %d: %s' % (one.status, other.status, other.stderr)
    return difference('out', other.out, one.out) or \
        difference('summary', other.summary, one.summary)


def order_of_rows(rng, model, run):
    """The order of rows never matters: per organisation all stays the same."""
    mixed = model.copy()
    for rows in (mixed.orgs, mixed.scores, mixed.ballots):
        rng.shuffle(rows)
    one, other = run(model, Dress()), run(mixed, Dress())
    if one.status != other.status or other.out is None:
        return 'status %d and %d: %s' % (one.status, other.status, other.stderr)
    if rows_by_key(one.out, 1) != rows_by_key(other.out, 1):
        return 'out differs once the rows are in another order'
    # The key of a summary row is code, level and category.
    if rows_by_key(one.summary, 3) != rows_by_key(other.summary, 3):
        return 'summary differs once the rows are in another order'
    if [line['code'] for line in csv.DictReader(io.StringIO(other.out.decode('utf-8')))] != \
            [org['code'] for org in mixed.orgs
             if org['level'] == model.scheme.get('graded', 'unit')]:
        return 'out is not in the order of orgs'
    return ''


def scaled_ballots(rng, model, run):
    """k times every count, with k times as many people, changes nothing."""
    factor = rng.choice([2, 3, 7, 1000])
    scaled = model.copy()
    for ballot in scaled.ballots:
        ballot[3] *= factor
    for org in scaled.orgs:
        for name in ('members', 'residents', 'present_members', 'present_residents'):
            if org.get(name):
                org[name] = str(int(org[name]) * factor)
    for rule in scaled.scheme.get('ballot', {}).get('turnout', []):
        if 'everyone_below' in rule:
            rule['everyone_below'] = str(int(rule['everyone_below']) * factor)
    return same(run(model, Dress()), run(scaled, Dress()))


def limit_of(model, org, key):
    """The maximum of a score as the scheme file states it, or None where the
    organisation's category has its own."""
    if key == '':
        return Fraction(100)
    name, _, item = key.partition('/')
    indicator = next(i for i in model.scheme['indicators'] if i['id'] == name)
    if item:
        return Fraction(next(i for i in indicator['items'] if i['id'] == item)['max'])
    of_field = [c['id'] for c in model.scheme['categories'] if org['field'] in c['fields']]
    own = indicator.get('max_by_category', {})
    return Fraction(own.get(of_field[0], indicator['max']) if of_field else indicator['max'])


def raised_score(rng, model, run):
    """A higher score never lowers the rank or the published score of its
    organisation."""
    one = run(model, Dress())
    before = rows_by_key(one.out, 1)
    open_scores = [i for i, score in enumerate(model.scores)
                   if before[(score[0],)][9] == 'graded' and Fraction(score[4]) < limit_of(
                       model, next(o for o in model.orgs if o['code'] == score[0]), score[3])]
    if not open_scores:
        return ''
    raised = model.copy()
    score = raised.scores[rng.choice(open_scores)]
    org = next(o for o in model.orgs if o['code'] == score[0])
    limit = limit_of(model, org, score[3])
    step = Fraction(rng.choice([1, 100, 10000]), 10000)
    new = min(limit, Fraction(score[4]) + step)
    score[4] = '%d.%04d' % (int(new), int(new * 10000) % 10000)
    other = run(raised, Dress())
    if other.status != one.status:
        return 'status %d and %d: %s' % (one.status, other.status, other.stderr)
    old, now = before[(score[0],)], rows_by_key(other.out, 1)[(score[0],)]
    if int(now[6]) > int(old[6]) or Fraction(now[3]) < Fraction(old[3]):
        return '%s was raised to %s and fell from %s to %s' % (score, new, old, now)
    return ''


def wide_as_long(_rng, model, run):
    """Wide and long scores agree."""
    wide = Dress()
    wide.wide = True
    return same(run(model, Dress()), run(model, wide))


def single_as_counted(_rng, model, run):
    """One row a ballot and one row a count agree."""
    single = Dress()
    single.single = True
    return same(run(model, Dress()), run(model, single))


ALL = [order_of_rows, scaled_ballots, raised_score, wide_as_long, single_as_counted]
