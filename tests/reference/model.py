# SPDX-License-Identifier: Apache-2.0
"""One grading case as Python data, and the many ways to write it into files.

A model is what the files mean; a dress is how they look: encoding, line ends,
quotes, headings in English or Chinese, ids or labels, wide or long scores,
counted or single ballots. All dresses of one model must be graded alike.
"""

import copy

from reference import FIELD_LABELS, HEADINGS, LEVEL_LABELS, VOTER_LABELS


class Model:
    """scheme: as read from YAML, scalars are text
    orgs: dicts by column; scores: [org, source, rater, indicator, points], where
    indicator is '', id or id/item; ballots: [org, voters, option, count as int]"""

    def __init__(self, scheme):
        self.scheme = scheme
        self.orgs, self.scores, self.ballots = [], [], []

    def copy(self):
        return copy.deepcopy(self)


class Dress:
    """How files look; everything off is the plain dress."""

    def __init__(self):
        self.rng = None
        self.encoding, self.newline, self.final_newline = 'utf-8', '\n', True
        self.chinese = self.labels = self.full_width = self.quotes = self.pad = 0.0
        self.blanks = self.extra_columns = 0.0
        self.shuffle_columns = self.wide = self.single = False

    def maybe(self, chance):
        return self.rng is not None and chance > 0 and self.rng.random() < chance


def random_dress(rng):
    """A dress that mixes about half of all oddities."""
    dress = Dress()
    dress.rng = rng
    dress.encoding = rng.choice(['utf-8', 'utf-8', 'utf-8-sig', 'gb18030'])
    dress.newline = rng.choice(['\n', '\n', '\r\n'])
    dress.final_newline = rng.random() < 0.8
    dress.chinese = rng.choice([0, 0, 0.5, 1])
    dress.labels = rng.choice([0, 0, 0.5, 1])
    dress.full_width = rng.choice([0, 0, 0.2])
    dress.quotes = rng.choice([0, 0, 0.2, 1])
    dress.pad = rng.choice([0, 0, 0.2])
    dress.blanks = rng.choice([0, 0, 0.1])
    dress.extra_columns = rng.choice([0, 0, 0.5])
    dress.shuffle_columns = rng.random() < 0.4
    dress.wide = rng.random() < 0.4
    dress.single = rng.random() < 0.4
    return dress


# ---- YAML -------------------------------------------------------------------

def yaml_scalar(text):
    odd = text == '' or text[0] in ' -?:,[]{}#&*!|>\'"%@`' or ': ' in text or ' #' in text \
        or any(ch in text for ch in ',[]{}') or text != text.strip()
    return "'" + text + "'" if odd else text


def yaml_flow(value):
    if isinstance(value, dict):
        return '{' + ', '.join(k + ': ' + yaml_flow(v) for k, v in value.items()) + '}'
    if isinstance(value, list):
        return '[' + ', '.join(yaml_flow(v) for v in value) + ']'
    return yaml_scalar(value)


def yaml_block(value, indent, dress):
    """Lines of a map or a list in block style, with flow values inside at will."""
    lines = []
    pad = ' ' * indent
    pairs = value.items() if isinstance(value, dict) else [(None, v) for v in value]
    for key, inner in pairs:
        lead = pad + ('- ' if key is None else key + ':')
        plain = isinstance(inner, str) or not inner
        deep = not plain and (isinstance(value, dict) and indent == 0 or dress.maybe(0.15))
        if not deep:
            lines.append(lead + ('' if key is None else ' ') + yaml_flow(inner))
        elif key is None:
            block = yaml_block(inner, indent + 2, dress)
            lines.append(lead + block[0].lstrip(' '))
            lines += block[1:]
        else:
            lines.append(lead)
            lines += yaml_block(inner, indent + 2, dress)
    if dress.maybe(0.1):
        lines.append(pad + '# 说明：测试用')
    return lines


def yaml_text(scheme, dress):
    return '\n'.join(yaml_block(scheme, 0, dress)) + '\n'


# ---- CSV --------------------------------------------------------------------

_FULL = {0x30 + i: 0xFF10 + i for i in range(10)}
_FULL.update({0x41 + i: 0xFF21 + i for i in range(26)})
_FULL.update({0x61 + i: 0xFF41 + i for i in range(26)})
_FULL[0x2E] = 0xFF0E


def csv_cell(text, dress):
    if dress.maybe(dress.pad):
        text = dress.rng.choice([' ', '  ', '\t', '\u3000']) + text + dress.rng.choice(['', ' '])
    if any(ch in text for ch in ',"\r\n') or dress.maybe(dress.quotes):
        return '"' + text.replace('"', '""') + '"'
    return text


def csv_bytes(head, rows, dress):
    """The table as a file in this dress. `rows` hold text cells."""
    head, rows = list(head), [list(row) for row in rows]
    lines = []
    if dress.shuffle_columns:
        order = list(range(len(head)))
        dress.rng.shuffle(order)
        head = [head[i] for i in order]
        rows = [[row[i] for i in order] for row in rows]
    for row in [head] + rows:
        while dress.maybe(dress.blanks):
            lines.append(dress.rng.choice(['', ' ', ',' * (len(head) - 1), '"",' + ',' * 3]))
        line = ','.join(csv_cell(cell, dress) for cell in row)
        lines.append(line if line else '""')
    text = dress.newline.join(lines) + (dress.newline if dress.final_newline else '')
    data = text.encode(dress.encoding)
    if dress.encoding == 'gb18030':
        try:                            # bytes that are UTF-8 by chance would be read as that
            if data.decode('utf-8') != text:
                data = text.encode('utf-8')
        except UnicodeDecodeError:
            pass
    return data


def heading(kind, name, dress):
    return HEADINGS[kind][name] if dress.maybe(dress.chinese) else name


def wide_digits(text, dress):
    return text.translate(_FULL) if dress.maybe(dress.full_width) else text


def add_extras(head, rows, dress):
    """Columns that nobody knows, to be ignored with a warning."""
    for name in ('书记', 'phone', '序,号'):
        if dress.maybe(dress.extra_columns):
            head.append(name)
            for row in rows:
                row.append(dress.rng.choice(['', '王某', '-1', 'a,"b"', '1e5', 'x\ny']))


def label_of(things, wanted):
    return next(thing['label'] for thing in things if thing['id'] == wanted)


def orgs_bytes(model, dress):
    names = ['code', 'parent', 'name', 'level', 'field', 'members', 'residents']
    names += [n for n in ('kind', 'present_members', 'present_residents')
              if any(org.get(n) for org in model.orgs)]
    rows = []
    for org in model.orgs:
        row = dict(org)
        if dress.maybe(dress.labels):
            relabelled = model.scheme.get('levels', {}).get(org['level'])
            row['level'] = relabelled or dress.rng.choice(LEVEL_LABELS[org['level']])
        if org['field'] and dress.maybe(dress.labels):
            row['field'] = FIELD_LABELS[org['field']]
        for name in names:
            if name not in ('code', 'name', 'kind'):
                row[name] = wide_digits(row.get(name, ''), dress)
        rows.append([row.get(name, '') for name in names])
    head = [heading('orgs', name, dress) for name in names]
    add_extras(head, rows, dress)
    return csv_bytes(head, rows, dress)


def indicator_text(model, key, dress):
    """`indicator` or `indicator/item`, all by id or all by label."""
    if key == '' or not dress.maybe(dress.labels):
        return key
    name, _, item = key.partition('/')
    indicator = next(i for i in model.scheme['indicators'] if i['id'] == name)
    if not item:
        return indicator['label']
    return indicator['label'] + '/' + label_of(indicator['items'], item)


def source_text(model, source, dress):
    if dress.maybe(dress.labels):
        source = label_of(model.scheme['sources'], source)
    return wide_digits(source, dress)


def long_scores(model, dress):
    rows = [[wide_digits(org, dress), source_text(model, source, dress), rater,
             wide_digits(indicator_text(model, key, dress), dress), wide_digits(points, dress)]
            for org, source, rater, key, points in model.scores]
    names = ['org', 'source', 'rater', 'indicator', 'points']
    head = [heading('scores', name, dress) for name in names]
    add_extras(head, rows, dress)
    return csv_bytes(head, rows, dress)


def wide_columns(model):
    """Keys of the score columns: whole indicators, items, and '' for points."""
    used = {score[3] for score in model.scores}
    keys = []
    for indicator in model.scheme['indicators']:
        items = [indicator['id'] + '/' + item['id'] for item in indicator.get('items', [])]
        by_items = any(key in used for key in items)
        if indicator['id'] in used or not by_items:
            keys.append(indicator['id'])
        if by_items:
            keys += items
    if any(source['by'] == 'points' for source in model.scheme['sources']):
        keys.append('')
    return keys


def wide_scores(model, dress):
    keys = wide_columns(model)
    sheets = {}
    for org, source, rater, key, points in model.scores:
        sheets.setdefault((org, source, rater), {})[key] = points
    if dress.maybe(0.3):
        add_empty_sheets(model, sheets, dress)
    rows = []
    for (org, source, rater), cells in sheets.items():
        rows.append([wide_digits(org, dress), source_text(model, source, dress), rater] +
                    [wide_digits(cells.get(key, ''), dress) for key in keys])
    head = [heading('scores', name, dress) for name in ('org', 'source', 'rater')]
    head += [indicator_text(model, key, dress) if key else heading('scores', 'points', dress)
             for key in keys]
    if dress.maybe(dress.extra_columns):
        head.append(dress.rng.choice(['name', '名称', 'note', '备注']))
        for row in rows:
            row.append(dress.rng.choice(['', '张家村', '3,5']))
    return csv_bytes(head, rows, dress)


def add_empty_sheets(model, sheets, dress):
    """Rows of only empty scores: no rater."""
    sources = [s['id'] for s in model.scheme['sources'] if s['by'] != 'ballots']
    graded = [o['code'] for o in model.orgs if o['level'] == model.scheme.get('graded', 'unit')]
    for _ in range(3):
        if sources and graded:
            sheet = (dress.rng.choice(graded), dress.rng.choice(sources), '空表')
            sheets.setdefault(sheet, {})


def ballots_bytes(model, dress):
    single = dress.single and sum(ballot[3] for ballot in model.ballots) <= 1500
    rows = []
    for org, voters, option, n in model.ballots:
        for _ in range(n if single else 1):
            row = [wide_digits(org, dress),
                   VOTER_LABELS[voters] if dress.maybe(dress.labels) else voters,
                   option_text(model, option, dress)]
            rows.append(row if single else row + [wide_digits(str(n), dress)])
    if single and dress.rng:
        dress.rng.shuffle(rows)
    names = ['org', 'voters', 'option'] + ([] if single else ['count'])
    head = [heading('ballots', name, dress) for name in names]
    add_extras(head, rows, dress)
    return csv_bytes(head, rows, dress)


def option_text(model, option, dress):
    if dress.maybe(dress.labels):
        return '废票' if option == 'spoiled' else label_of(model.scheme['ballot']['options'], option)
    return option


def files(model, dress):
    """The four input files as bytes."""
    return {'scheme': yaml_text(model.scheme, dress).encode('utf-8'),
            'orgs': orgs_bytes(model, dress),
            'scores': wide_scores(model, dress) if dress.wide else long_scores(model, dress),
            'ballots': ballots_bytes(model, dress)}
