# SPDX-License-Identifier: Apache-2.0
"""The little that a Python test needs to speak TAP."""
import sys


class Tap:
    def __init__(self):
        self.count = self.failures = 0

    def check(self, name, ok, *details):
        """One test; the details are printed when it fails."""
        self.count += 1
        print(f'{"ok" if ok else "not ok"} {self.count} - {name}')
        if not ok:
            self.failures += 1
            for detail in details:
                for line in str(detail).splitlines():
                    print(f'# {line}')

    def done(self):
        """Prints the plan and ends the program."""
        print(f'1..{self.count}')
        sys.exit(1 if self.failures else 0)
