#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tree keeps the rules of the house, and the rules find what is planted.

usage: test_rules.py BUILD
"""
import json
import os
import sys
import tempfile

import rules
from tap import Tap

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
C = '/* SPDX-License-Identifier: Apache-2.0 */\n'

# rule: ([breaks it …], [keeps it …]); each is (path, text).
PLANTED = {
    rules.layers: (
        [('src/base/a.c', C + '#include "domain/scheme.h"\n'),
         ('src/domain/a.c', C + '# include "import/table.h"\n'),
         ('src/import/a.c', C + '#include "report/doc.h"\n'),
         ('src/db/a.c', C + '#include "domain/level.h"\n'),
         ('src/web/a.c', C + '#include "cli/command.h"\n'),
         ('src/cli/a.c', C + '#include "command.h"\n'),
         ('src/cli/a.c', C + '#include "../domain/level.h"\n'),
         ('src/attic/a.c', C),
         ('src/app/a.c', C + '#include <sqlite3.h>\n')],
        [('src/main.c', C + '#include "cli/command.h"\n#include "db/sqlite.h"\n'),
         ('src/cli/a.c', C + '#include <stdio.h>\n#include "app/grade.h"\n#include "base/err.h"\n'),
         ('src/store/a.c', C + '#include "db/db.h"\n#include "store/org.h"\n'),
         ('src/db/sqlite.c', C + '#include <sqlite3.h>\n')]),
    rules.purity: (
        [('src/domain/a.c', C + '#include <time.h>\n'),
         ('src/domain/a.c', C + '#include <stdio.h>\n'),
         ('src/domain/a.h', C + '#include "base/file.h"\n'),
         ('src/domain/a.c', C + 'int f(void)\n{\n\treturn getenv("A") != 0;\n}\n')],
        [('src/domain/a.c', C + '#include <stdint.h>\n#include "base/arena.h"\n'),
         ('src/cli/a.c', C + '#include <time.h>\n')]),
    rules.banned_calls: (
        [('src/base/a.c', C + 'void f(char *a)\n{\n\tstrcpy(a, "x");\n}\n'),
         ('src/cli/a.c', C + 'int x = 1 + atoi("1");\n'),
         ('src/cli/a.c', C + 'int x = system ("ls");\n')],
        [('src/cli/a.c', C + '/* never strcpy() */\nconst char *a = "system(1)";\n'),
         ('src/cli/a.c', C + 'int x = my_system(1) + a->rand(2) + b.random(3);\n')]),
    rules.only_cli_speaks: (
        [('src/base/a.c', C + 'void f(void)\n{\n\tprintf("x");\n}\n'),
         ('src/app/a.c', C + 'void f(void)\n{\n\tfprintf(stderr, "x");\n}\n'),
         ('src/domain/a.c', C + 'void f(void)\n{\n\texit(1);\n}\n')],
        [('src/cli/a.c', C + 'void f(void)\n{\n\tprintf("x");\n}\n'),
         ('src/app/a.c', C + 'void f(void)\n{\n\tarena_printf(0, "x");\n\tsnprintf(0, 0, "x");\n}\n')]),
    rules.exact_numbers: (
        [('src/domain/a.c', C + 'static double x;\n'),
         ('src/app/a.h', C + 'float f(void);\n'),
         ('src/import/grade_rows.c', C + 'int x = (int)(double)3;\n')],
        [('src/domain/a.c', C + '/* no double */\nint double_check;\n'),
         ('src/import/xlsx.c', C + 'double x;\n')]),
    rules.sql_in_store: (
        [('src/app/a.c', C + 'const char *q = "SELECT 1";\n')],
        [('src/store/a.c', C + 'const char *q = "SELECT 1";\n'),
         ('src/cli/a.c', C + 'const char *q = "SELECTED";\n')]),
    rules.file_size: (
        [('src/base/a.c', C + '\n' * 800), ('tests/a.py', '\n' * 801)],
        [('src/base/a.c', C + '\n' * 799), ('tests/vectors/a.csv', '\n' * 2000)]),
    rules.unfinished: (
        [('src/base/a.c', C + '/* TO' + 'DO: later */\n'), ('docs/a.md', 'FIX' + 'ME\n')],
        [('src/base/a.c', C + 'const char *t = "a.' + 'X' * 6 + '";\n')]),
    rules.own_paths: (
        [('Makefile', 'all:\n\tcp /wo' + 'rk/main .\n'), ('docs/a.md', 'see ../sha' + 'red/x\n'),
         ('tools/a', 'cat "/ho' + 'me/me/x"\n')],
        [('docs/a.md', 'https://example.org/home/x, tests/wo' + 'rk/a, $(root)/wo' + 'rk/x\n')]),
    rules.licence_lines: (
        [('src/base/a.c', '#include <x.h>\n'), ('tests/a.py', 'import os\n'),
         ('tools/a', '#!/bin/sh\necho\n')],
        [('src/base/a.c', C), ('tools/a', '#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n'),
         ('docs/a.md', 'text\n')]),
    rules.headers_say_why: (
        [('src/base/a.h', C + '#ifndef A\n')],
        [('src/base/a.h', C + '/*\n * Because.\n */\n'), ('src/base/a.c', C)]),
    rules.acts_have_words: (
        [('src/app/a.c', C + 'return r < 0 ? r : app_audit(tx, &access,\n\t"org.paint", id, "", "", "");\n')],
        [('src/app/a.c', C + 'int r = app_enter(tx, "org.paint");\n'),
         ('src/app/a.c', C + 'app_audit(tx, &access, name, id, "v2.0 of it", "", "");\n')]),
    rules.gates_are_asked: (
        [('src/domain/gate.h', C + 'enum gate_action {\n\tGATE_DAYS,\n\tGATE_ACTIONS,\n};\n')],
        [('src/domain/gate.h', C + 'enum gate_action {\n\tGATE_ACTIONS,\n};\n'),
         ('src/app/a.c', C + 'int x = GATE_DAYS;\n')]),
    rules.documents_rules: (
        [('docs/rules.md', '| GZ-1 | x | `src/none.c` | y |\n'),
         ('docs/rules.md', '| GZ-1 | x | `/none` | y |\n'),
         ('docs/rules.md', '| GZ-1 | x | y | `a_test` |\n'),
         ('docs/rules.md', '| GZ-1 | x | `docs/rules.md` | `GZ-1` |\n'),
         ('docs/rules.md', '| GZ-1 | x | y | `a_test` `docs/rules.md` |\n'),
         ('docs/rules.md', '| GZ-1 | x | y |  |\n'),
         ('docs/rules.md', '| GZ-1 | x | y | z |\n| GZ-1 | x | y | z |\n')],
        [('docs/rules.md', '| rule | asks | where | test |\n|---|---|---|---|\n'
          '| GZ-1 | x | y | `docs/rules.md` `GZ-1`, `asks` |\n| CT-7a | x | y | z |\n'),
         ('docs/other.md', '| GZ-1 | `none/at/all` |\n')]),
    rules.lock_without_addresses: (
        [('package-lock.json', '{"packages": {"a": {"resolved": "x.tgz"}}}'),
         ('package-lock.json', '{"packages": {"a": {"version": "https://x/a.tgz"}}}')],
        [('package-lock.json', '{"packages": {"a": {"funding": {"url": "https://x"}}}}')]),
}


def found(rule, path, text, *more):
    with tempfile.TemporaryDirectory() as root:
        full = os.path.join(root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'w', encoding='utf-8') as f:
            f.write(text)
        return list(rule(rules.Tree(root), *more))


def found_by_nm(text):
    """What no_mutable_globals says of a file src/domain/a.c with this text."""
    with tempfile.TemporaryDirectory() as build:
        command = 'cc -fsanitize=address -O2 -g -MD -MQ a.o -MF a.o.d -o a.o -c ../src/domain/a.c'

        def rule(tree):
            inner = os.path.join(tree.root, 'build')
            os.mkdir(inner)
            with open(os.path.join(build, 'compile_commands.json'), 'w', encoding='utf-8') as f:
                json.dump([{'directory': inner, 'command': command, 'output': 'a.o',
                            'file': '../src/domain/a.c'}], f)
            return rules.no_mutable_globals(tree, build)
        return found(rule, 'src/domain/a.c', text)


def main():
    tap = Tap()
    tree = rules.Tree(ROOT)
    for name, rule in rules.RULES:
        tap.check(name, not (broken := list(rule(tree))), *broken)
    broken = list(rules.no_mutable_globals(tree, sys.argv[1]))
    tap.check('no mutable global outside main.c', not broken, *broken)

    for name, rule in rules.RULES:
        breaks, keeps = PLANTED[rule]
        for number, (path, text) in enumerate(breaks, 1):
            tap.check(f'{name}: breach {number} is found', found(rule, path, text), path, text)
        for number, (path, text) in enumerate(keeps, 1):
            wrong = found(rule, path, text)
            tap.check(f'{name}: what keeps it passes, {number}', not wrong, *wrong)
    for what, text in [('static', 'static int a = 1; int *f(void); int *f(void) { return &a; }'),
                       ('local static', 'int f(void); int f(void) { static int n; return ++n; }'),
                       ('thread local', '_Thread_local int a;'), ('public', 'int a;')]:
        tap.check(f'no mutable global: a {what} one is found', found_by_nm(text))
    tap.check('no mutable global: const tables pass', not found_by_nm(
        'extern const char *const t[]; const char *const t[] = {"a", "b"}; static const int n = 1;'
        'int f(void); int f(void) { return n; }'))
    tap.done()


if __name__ == '__main__':
    main()
