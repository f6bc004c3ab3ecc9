# SPDX-License-Identifier: Apache-2.0
"""The rules of the house, as functions: tree → violations.

Each takes a Tree and yields lines `file:line: what is wrong`; RULES lists
them. docs/architecture.md says why they are so.
"""
import concurrent.futures
import json
import os
import re
import shlex
import subprocess
import tempfile

FILE_LINES_MAX = 800

# Who may include whom: the arrows; a floor may also include all that lies
# below along them.
ARROWS = {
    'main': {'cli'},
    'cli': {'web', 'app'},
    'web': {'app'},
    'app': {'report', 'import', 'store'},
    'report': {'domain'},
    'import': {'domain'},
    'store': {'domain', 'db'},
    'db': {'base'},
    'domain': {'base'},
    'base': set(),
}

# What pure code needs of the C library; nothing here knows time, chance,
# environment, files or the system. Locks are pure as long as no result depends
# on who was first.
PURE_HEADERS = {'assert.h', 'inttypes.h', 'limits.h', 'pthread.h', 'stdalign.h', 'stdarg.h',
                'stdatomic.h', 'stdbool.h', 'stddef.h', 'stdint.h', 'stdlib.h', 'string.h'}
PURE_NOT_BASE = {'base/file.h'}
PURE_NOT_CALLS = ('getenv secure_getenv setenv putenv exit abort mkstemp mkostemp realpath '
                  'getrandom arc4random drand48').split()

# A library that only one place knows.
LIBRARY_HOMES = {'microhttpd.h': 'src/web/server.c', 'sqlite3.h': 'src/db/',
                 'libpq-fe.h': 'src/db/'}

BANNED_CALLS = {
    **dict.fromkeys('strcpy strcat stpcpy strncpy strncat sprintf vsprintf gets'.split(),
                    'overruns or cuts silently: use a buf, an arena or snprintf'),
    **dict.fromkeys('atoi atol atoll atof strtod strtof'.split(),
                    'takes anything for a number: use the exact parsers'),
    **dict.fromkeys('strtok asctime ctime gmtime localtime strerror tmpnam tempnam'.split(),
                    'keeps hidden state: use the _r form or mkostemp'),
    **dict.fromkeys('rand srand random srandom'.split(), 'is no source of chance'),
    **dict.fromkeys('setjmp longjmp sigsetjmp siglongjmp'.split(), 'jumps over cleanups'),
    **dict.fromkeys('system popen'.split(), 'runs a shell'),
    **dict.fromkeys('alloca scanf sscanf fscanf'.split(), 'has no limit'),
}
# Only the command line and main speak and end the program.
SPEAKING_CALLS = 'printf puts putchar vprintf perror exit _exit quick_exit err errx warn warnx'
SPEAKING_STREAMS = re.compile(r'\b(stdout|stderr)\b')

EXACT_PLACES = ('src/domain/', 'src/store/', 'src/app/', 'src/import/grade')
SQL = re.compile(r'"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE (TABLE|INDEX)|WITH)\s')
# In two pieces, so that this file keeps its own rules.
UNFINISHED = re.compile(r'\b(' + 'TO' + 'DO|FIX' + 'ME|X' + r'XX)\b')
OWN_PATHS = re.compile(r'(?<![\w.(){}$/-])/(' + 'work|home|root|Users' + r')/\w|\.\./' + 'shared/')

SKIPPED = {'.git', 'node_modules', '__pycache__', 'corpus'}
CODE = ('.c', '.h', '.py', '.js', '.mjs', '.css', '.sh')
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
C_NOISE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def blank(match):
    """Comments and literals give way to blanks; line numbers stay."""
    return re.sub(r'[^\n]', ' ', match.group())


class Tree:
    """The text files of a source tree."""

    def __init__(self, root):
        self.root = root
        self.text = {}
        for folder, dirs, files in os.walk(root):
            dirs[:] = sorted(d for d in dirs
                             if d not in SKIPPED and not re.match(r'build(-|$)', d))
            for name in sorted(files):
                path = os.path.join(folder, name)
                if name in SKIPPED or os.path.islink(path):
                    continue
                with open(path, 'rb') as f:
                    data = f.read()
                if b'\0' not in data:
                    self.text[os.path.relpath(path, root)] = data.decode('utf-8', 'replace')

    def c_files(self, *under):
        """(path, text) of C files under these prefixes (default: src/)."""
        for path, text in self.text.items():
            if path.endswith(('.c', '.h')) and path.startswith(under or ('src/',)):
                yield path, text

    def c_code(self, *under):
        """As c_files, without comments and literals."""
        for path, text in self.c_files(*under):
            yield path, C_NOISE.sub(blank, text)


def at(path, text, position, what):
    return f'{path}:{text.count(chr(10), 0, position) + 1}: {what}'


def below(floor):
    """All floors that lie below along the arrows."""
    found, todo = set(), list(ARROWS[floor])
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += ARROWS[one]
    return found


def floor_of(path):
    parts = path.split('/')
    return 'main' if parts[1:] == ['main.c'] else parts[1]


def calls(code, names):
    for match in re.finditer(r'(?<![\w.>])(' + '|'.join(names) + r')\s*\(', code):
        yield match.group(1), match.start()


def layers(tree):
    for path, text in tree.c_files():
        floor = floor_of(path)
        if floor not in ARROWS:
            yield f'{path}:1: no floor is called {floor!r}'
            continue
        for match in INCLUDE.finditer(text):
            bracket, header = match.groups()
            target = header.split('/')[0]
            if bracket == '<':
                home = LIBRARY_HOMES.get(header)
                if home and not path.startswith(home):
                    yield at(path, text, match.start(1), f'<{header}> belongs in {home} only')
            elif '/' not in header or target not in ARROWS:
                yield at(path, text, match.start(1), f'"{header}": name it as "floor/file.h"')
            elif target != floor and target not in below(floor):
                yield at(path, text, match.start(1), f'{floor} must not know {target} ({header})')


def purity(tree):
    for path, text in tree.c_files('src/domain/'):
        for match in INCLUDE.finditer(text):
            bracket, header = match.groups()
            if bracket == '<' and header not in PURE_HEADERS or header in PURE_NOT_BASE:
                yield at(path, text, match.start(1), f'domain is pure: no {header}')
    for path, code in tree.c_code('src/domain/'):
        for name, position in calls(code, PURE_NOT_CALLS):
            yield at(path, code, position, f'domain is pure: no {name}()')


def banned_calls(tree):
    for path, code in tree.c_code():
        for name, position in calls(code, BANNED_CALLS):
            yield at(path, code, position, f'{name}() {BANNED_CALLS[name]}')


def only_cli_speaks(tree):
    for path, code in tree.c_code():
        # apart.c ends only the process that it began.
        if path.startswith('src/cli/') or path in ('src/main.c', 'src/base/apart.c'):
            continue
        for name, position in calls(code, SPEAKING_CALLS.split()):
            yield at(path, code, position, f'{name}(): only cli/ prints and ends the program')
        for match in SPEAKING_STREAMS.finditer(code):
            yield at(path, code, match.start(), f'{match.group()}: only cli/ prints')


def exact_numbers(tree):
    for path, code in tree.c_code(*EXACT_PLACES):
        for match in re.finditer(r'\b(double|float)\b', code):
            yield at(path, code, match.start(), f'no {match.group()} near a score')


def sql_in_store(tree):
    for path, text in tree.c_files():
        if not path.startswith(('src/store/', 'src/db/')):
            for match in SQL.finditer(text):
                yield at(path, text, match.start(), 'SQL lives in store/')


def file_size(tree):
    for path, text in tree.text.items():
        lines = text.count('\n')
        if path.endswith(CODE) and lines > FILE_LINES_MAX:
            yield f'{path}:{lines}: longer than {FILE_LINES_MAX} lines'


def unfinished(tree):
    for path, text in tree.text.items():
        for match in UNFINISHED.finditer(text):
            yield at(path, text, match.start(), f'{match.group()}: finish it or file an issue')


def own_paths(tree):
    for path, text in tree.text.items():
        for match in OWN_PATHS.finditer(text):
            yield at(path, text, match.start(), f'{match.group()!r}: a path of one machine')


def licence_lines(tree):
    for path, text in tree.text.items():
        head = text.split('\n', 3)[:3]
        is_c = path.endswith(('.c', '.h'))
        if is_c and not head[0].startswith('/* SPDX-License-Identifier: Apache-2.0 */'):
            yield f'{path}:1: the first line is /* SPDX-License-Identifier: Apache-2.0 */'
        is_script = path.endswith(('.py', '.js', '.mjs', '.sh')) or head[0].startswith('#!')
        if is_script and 'SPDX-License-Identifier: Apache-2.0' not in '\n'.join(head):
            yield f'{path}:1: no SPDX line at the top'


def headers_say_why(tree):
    for path, text in tree.c_files():
        if path.endswith('.h') and not re.match(r'/\*[^\n]*\*/\n/\*', text):
            yield f'{path}:2: a header begins by saying why it exists'


def lock_without_addresses(tree):
    def walk(value, where):
        if isinstance(value, dict):
            for key, inner in value.items():
                if key == 'resolved':
                    yield f'package-lock.json:1: {where} has a download address'
                elif key != 'funding':
                    yield from walk(inner, f'{where}/{key}')
        elif isinstance(value, list):
            for inner in value:
                yield from walk(inner, where)
        elif isinstance(value, str) and '://' in value:
            yield f'package-lock.json:1: {where} is an address: {value}'

    if 'package-lock.json' in tree.text:
        yield from walk(json.loads(tree.text['package-lock.json']), '')


def no_mutable_globals(tree, build):
    """Compiles each file of src/ but main.c, and asks nm what it would keep."""
    with open(os.path.join(build, 'compile_commands.json'), encoding='utf-8') as f:
        commands = json.load(f)
    with tempfile.TemporaryDirectory() as temp:
        objects, jobs = {}, []
        for entry in commands:
            source = os.path.realpath(os.path.join(entry['directory'], entry['file']))
            path = os.path.relpath(source, os.path.realpath(tree.root))
            if not path.startswith('src/') or not path.endswith('.c') or path == 'src/main.c':
                continue
            words = shlex.split(entry['command'])
            target = os.path.join(temp, f'{len(objects)}.o')
            words[words.index('-o') + 1] = target
            # Sanitizers and position independence bring data of their own.
            words = [w for w in words if not re.match(r'-(fsanitize|O|MD|MQ|MF|g$|fPIC|-coverage)', w)
                     and not w.endswith(('.o.d',)) and w != entry.get('output')]
            objects[target] = path
            jobs.append((words + ['-O0', '-fno-pic', '-fno-pie', '-w'], entry['directory']))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(subprocess.run, words, cwd=cwd, check=True)
                         for words, cwd in jobs]:
                done.result()
        for target, path in objects.items():
            listing = subprocess.run(['nm', '--format=posix', target], check=True,
                                     stdout=subprocess.PIPE, encoding='utf-8').stdout
            for line in listing.splitlines():
                name, kind = line.split()[:2]
                if kind in 'bBdDC':
                    yield f'{path}:1: {name} is a mutable global'


def acts_have_words(tree):
    """An act of the audit log that the log's page can only show in English."""
    words = {act for path, text in tree.c_files() if path == 'src/web/pages/audit_words.c'
             for act in re.findall(r'{"([a-z.-]+)", "', text)}
    filters = tree.text.get('src/web/pages/audit.c', '')
    for act in sorted(words):
        if '.' in act and not act.startswith('log') and f'{{"{act.split(".")[0]}.", "' not in filters:
            yield f'src/web/pages/audit.c:1: {act} is in no group of the filter'
    for path, text in tree.c_files():
        if not path.startswith('src/app/'):
            continue
        for call in re.finditer(r'\bapp_audit\(([^;]*);', text):
            for act in re.finditer(r'"([a-z]+\.[a-z-]+|login|logout)"', call.group(1)):
                if act.group(1) not in words:
                    yield at(path, text, call.start(), f'{act.group(1)} has no word in src/web/pages/audit_words.c')


def gates_are_asked(tree):
    """An action of the table of gates that no use case asks about: then it holds nobody back."""
    path = 'src/domain/gate.h'
    actions = re.search(r'enum gate_action \{(.*?)\}', tree.text.get(path, ''), re.S)
    asked = {word for file, text in tree.c_files() if file.startswith('src/app/')
             for word in re.findall(r'\bGATE_[A-Z_]+\b', text)}
    for action in re.findall(r'^\s*(GATE_[A-Z_]+)', actions.group(1) if actions else '', re.M):
        if action != 'GATE_ACTIONS' and action not in asked:
            yield at(path, tree.text[path], tree.text[path].index(action), f'no use case asks {action}')


def documents_rules(tree):
    """The table of docs/rules.md: a row a rule, and what a row names in backticks is there:
    a page ("/cases") in the table of routes, a file ("src/…"), or words of the file named
    before it in the same cell."""
    path, seen = 'docs/rules.md', set()
    for number, line in enumerate(tree.text.get(path, '').splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
        if not re.fullmatch(r'[A-Z]{2}-\d+a?b?', cells[0]):
            continue
        if len(cells) != 4 or not all(cells):
            yield f'{path}:{number}: {cells[0]} needs four cells: rule, what, where, test'
        if cells[0] in seen:
            yield f'{path}:{number}: {cells[0]} comes twice'
        seen.add(cells[0])
        for cell in cells[2:]:
            file = None
            for name in re.findall(r'`([^`]+)`', cell):
                if name.startswith('/'):
                    if f'"{name}"' not in tree.text.get('src/web/routes.c', ''):
                        yield f'{path}:{number}: {cells[0]}: no page {name}'
                elif '/' in name:
                    file = tree.text.get(name)
                    if file is None:
                        yield f'{path}:{number}: {cells[0]}: no file {name}'
                elif not file or not re.search(r'(?<![\w-])' + re.escape(name) + r'(?![\w-])', file):
                    yield f'{path}:{number}: {cells[0]}: {name} is not in the file named before it'


RULES = [
    ('a floor includes only floors below it', layers),
    ('domain is pure', purity),
    ('no banned call', banned_calls),
    ('only cli prints and ends the program', only_cli_speaks),
    ('no floating point near a score', exact_numbers),
    ('SQL lives in store', sql_in_store),
    (f'no file over {FILE_LINES_MAX} lines', file_size),
    ('nothing is marked unfinished', unfinished),
    ('no path of one machine', own_paths),
    ('every source file names the licence', licence_lines),
    ('every header says why it exists', headers_say_why),
    ('every act of the log has a word', acts_have_words),
    ('every gate is asked', gates_are_asked),
    ('what docs/rules.md names is there', documents_rules),
    ('the npm lock holds no download address', lock_without_addresses),
]
