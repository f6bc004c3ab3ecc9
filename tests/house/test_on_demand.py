#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Libraries are loaded when they are needed (tools/on_demand.py), and not before.

usage: test_on_demand.py JINWEI
"""
import os
import platform
import re
import subprocess
import sys
import tempfile

from tap import Tap

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIBRARY = r'''
#include <stdarg.h>
int calls = 1;
long mix(long a, double x, long b, double y, long c, long d, double z, long e, long f,
	long g, double p, double q, double r, double s, double t, double u, long h)
{
	calls++;
	return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + (long)(x + 2 * y + 3 * z +
		4 * p + 5 * q + 6 * r + 7 * s + 8 * t + 9 * u);
}
double sum(int n, ...)
{
	double all = 0;
	va_list list;
	va_start(list, n);
	while (n--)
		all += va_arg(list, double);
	va_end(list);
	return all;
}
'''
PROGRAM = r'''
#include <pthread.h>
#include <stdio.h>
long mix(long a, double x, long b, double y, long c, long d, double z, long e, long f,
	long g, double p, double q, double r, double s, double t, double u, long h);
double sum(int n, ...);
static void *work(void *result)
{
	long (*volatile pointer)(long, double, long, double, long, long, double, long, long, long,
		double, double, double, double, double, double, long) = mix;
	for (int i = 0; i < 1000; i++)
		*(long *)result += pointer(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17) +
			(long)sum(9, 1., 2., 3., 4., 5., 6., 7., 8., 9.);
	return NULL;
}
int main(int argc, char **argv)
{
	pthread_t thread[4];
	long result[4] = {0}, all = 0;
	(void)argv;
	if (argc == 1)
		return 0;
	for (int i = 0; i < 4; i++)
		pthread_create(&thread[i], NULL, work, &result[i]);
	for (int i = 0; i < 4; i++) {
		pthread_join(thread[i], NULL);
		all += result[i];
	}
	printf("%ld\n", all);
}
'''
tap = Tap()


def run(*command, **options):
    return subprocess.run(command, capture_output=True, encoding='utf-8', check=False, **options)


def needed(program):
    return re.findall(r'\(NEEDED\).*\[(.*)\]', run('readelf', '-W', '-d', program).stdout)


def linked(folder, program, data):
    """Links `program` against a library of two functions and a variable, twice as Meson does."""
    for name, text in (('part.c', LIBRARY), ('main.c', program + data)):
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as f:
            f.write(text)
    environment = os.environ | {'LD_LIBRARY_PATH': folder}
    cc = ['cc', '-O2', '-pthread']
    last = ['-L.', '-Wl,--as-needed', '-lpart']
    for command in ([*cc, '-shared', '-fPIC', '-Wl,-soname,libpart.so.1', '-o', 'libpart.so.1', 'part.c'],
                    ['ln', '-sf', 'libpart.so.1', 'libpart.so'],
                    [*cc, '-o', 'first', 'main.c', *last],
                    ['python3', os.path.join(ROOT, 'tools/on_demand.py'), 'first', 'table.c'],
                    [*cc, '-o', 'second', 'main.c', 'table.c', *last]):
        done = run(*command, cwd=folder, env=environment)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
    return environment


def made_up():
    with tempfile.TemporaryDirectory() as folder:
        environment = linked(folder, PROGRAM, '')
        first, second = (os.path.join(folder, name) for name in ('first', 'second'))
        tap.check('the library is not needed at the start',
                  'libpart.so.1' in needed(first) and 'libpart.so.1' not in needed(second))
        results = [run(path, 'go', env=environment) for path in (first, second)]
        tap.check('arguments of every kind arrive, from several threads',
                  results[0].stdout == results[1].stdout != '', results)
        tap.check('without the library the program runs as long as it does not need it',
                  run(second).returncode == 0)
        done = run(second, 'go')
        tap.check('it says which one it lacks', done.returncode == 1 and 'libpart.so.1' in done.stderr,
                  done)
        environment = linked(folder, PROGRAM,
                             'extern int calls;\nint *where(void)\n{\n\treturn &calls;\n}\n')
        tap.check('a library whose variables are used is there from the start',
                  'libpart.so.1' in needed(second))
        tap.check('and its functions are the same ones',
                  run(second, 'go', env=environment).stdout == results[0].stdout)


def the_program(jinwei):
    names = [n for n in needed(jinwei) if not re.match(r'(libc|libm|lib[alut]san|libubsan|libgcov)\.so', n)]
    tap.check('jinwei starts with the C library alone', not names, *names)
    table = os.path.join(os.path.dirname(jinwei), 'on_demand.c')
    with open(table, encoding='utf-8') as f:
        functions = re.findall(r'^\t\{"(\S+)", "(\S+)"\},$', f.read(), re.MULTILINE)
    tap.check('and knows where its other functions are', len(functions) > 100, len(functions))
    double = {name for _, name in functions if [n for _, n in functions].count(name) > 1}
    tap.check('each in one library', not double, *double)


if platform.machine() == 'x86_64':
    made_up()
    the_program(os.path.abspath(sys.argv[1]))
else:
    tap.check('this processor loads all libraries at the start # SKIP', True)
tap.done()
