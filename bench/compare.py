# SPDX-License-Identifier: Apache-2.0
"""Compares two result files row by row and says where they differ."""
import csv
import filecmp
import itertools

SHOWN = 5       # differences told of in full


def compare(path, other, keys):
    """Differences of two CSV files as a list of texts, the first SHOWN in full; empty: none.

    The contract fixes the order of the rows, so they are compared in step; the
    first `keys` columns name a row. All columns of all rows count.
    """
    if filecmp.cmp(path, other, shallow=False):
        return []
    texts, count = [], 0
    with open(path, newline='', encoding='utf-8') as a, \
            open(other, newline='', encoding='utf-8') as b:
        heading = None
        for row, (left, right) in enumerate(itertools.zip_longest(csv.reader(a), csv.reader(b)), 1):
            heading = heading or left
            if left == right:
                continue
            count += 1
            if count <= SHOWN:
                texts.append(f'row {row}: {_difference(heading, left, right, keys)}')
    if count > SHOWN:
        texts.append(f'… {count} rows differ')
    return texts


def _difference(heading, left, right, keys):
    if left is None or right is None:
        return f'only in one of them: {",".join(left or right)}'
    if left[:keys] != right[:keys]:
        return f'{",".join(left[:keys])} against {",".join(right[:keys])}'
    cells = [f'{name} {x!r} against {y!r}'
             for name, x, y in itertools.zip_longest(heading, left, right) if x != y]
    return f'{",".join(left[:keys])}: {"; ".join(cells)}'
