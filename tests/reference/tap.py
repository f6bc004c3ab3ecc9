# SPDX-License-Identifier: Apache-2.0
"""TAP lines on standard output."""


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def check(self, good, name, notes=()):
        """One test; `notes` are shown when it failed. Returns `good`."""
        self.count += 1
        self.failed += not good
        print('%s %d - %s' % ('ok' if good else 'not ok', self.count, name), flush=True)
        if not good:
            for note in notes:
                for line in str(note).splitlines():
                    print('# ' + line, flush=True)
        return good

    def done(self):
        """The plan; returns the exit status."""
        print('1..%d' % self.count, flush=True)
        return 1 if self.failed else 0


def difference(what, got, expected):
    """The first line where two files differ, as a note; '' if they do not."""
    if got == expected:
        return ''
    if got is None:
        return '%s: nothing was written' % what
    left, right = got.split(b'\n'), expected.split(b'\n')
    for i in range(max(len(left), len(right))):
        a = left[i] if i < len(left) else b'(end)'
        b = right[i] if i < len(right) else b'(end)'
        if a != b:
            return '%s line %d\n  got      %s\n  expected %s' % (
                what, i + 1, a.decode('utf-8', 'replace'), b.decode('utf-8', 'replace'))
    return what + ' differs'
