#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a C file that lets a program load its shared libraries when it first needs them.

usage: on_demand.py PROGRAM OUT.c

PROGRAM was linked in the common way: the system loads all its libraries, and
theirs, before main(). OUT.c defines every function that PROGRAM takes from a
library, as a jump through a table. At first an entry leads to find(), which
loads the library and puts the function there. Linked with OUT.c first, the
program needs none of these libraries to start; the linker drops them (with
--as-needed) as they define nothing that is still missing.

What the C compiler brings itself stays as it is, and a library whose data
(not functions) the program uses is loaded at the start as ever. The jumps are
written for x86-64; for other processors meson.build links in the common way.
"""
import re
import subprocess
import sys

# The C library and the compiler's own, and those of the sanitizers.
RUNTIME = re.compile(r'(linux-vdso|ld-linux.*|libc|libm|libdl|librt|libpthread|libgcc_s'
                     r'|libstdc\+\+|lib[alut]san|libubsan|libgcov)\.so')

HEAD = r'''/* Made by tools/on_demand.py, which says what it is: do not edit. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

struct function {
	const char *library, *name;
};
static const struct function functions[];
extern void *on_demand_table[];
__attribute__((used)) void *on_demand_find(size_t index);

/* Several threads may come here at once: all store the same. */
void *on_demand_find(size_t index)
{
	const struct function *f = &functions[index];
	void *library = dlopen(f->library, RTLD_LAZY);
	void *found = library ? dlsym(library, f->name) : NULL;
	if (!found) {
		fprintf(stderr, "错误：无法使用系统库 %s：%s\n", f->library, dlerror());
		exit(1);
	}
	__atomic_store_n(&on_demand_table[index], found, __ATOMIC_RELEASE);
	return found;
}

/* What may hold an argument is kept while the function is looked for: six
 * integers, eight vectors, how many of those (rax), and the stack. */
__asm__(
	".text\n"
	"on_demand_first:\n"
	"	push %rax\n	push %rdi\n	push %rsi\n	push %rdx\n"
	"	push %rcx\n	push %r8\n	push %r9\n	push %r10\n"
	"	sub $128, %rsp\n"
	"	movups %xmm0, (%rsp)\n	movups %xmm1, 16(%rsp)\n"
	"	movups %xmm2, 32(%rsp)\n	movups %xmm3, 48(%rsp)\n"
	"	movups %xmm4, 64(%rsp)\n	movups %xmm5, 80(%rsp)\n"
	"	movups %xmm6, 96(%rsp)\n	movups %xmm7, 112(%rsp)\n"
	"	mov 192(%rsp), %rdi\n"
	"	call on_demand_find\n"
	"	mov %rax, %r11\n"
	"	movups (%rsp), %xmm0\n	movups 16(%rsp), %xmm1\n"
	"	movups 32(%rsp), %xmm2\n	movups 48(%rsp), %xmm3\n"
	"	movups 64(%rsp), %xmm4\n	movups 80(%rsp), %xmm5\n"
	"	movups 96(%rsp), %xmm6\n	movups 112(%rsp), %xmm7\n"
	"	add $128, %rsp\n"
	"	pop %r10\n	pop %r9\n	pop %r8\n	pop %rcx\n"
	"	pop %rdx\n	pop %rsi\n	pop %rdi\n	pop %rax\n"
	"	add $8, %rsp\n"
	"	jmp *%r11\n"
	".macro on_demand name, index\n"
	".globl \\name\n"
	".type \\name, @function\n"
	"\\name:\n"
	"	jmp *on_demand_table + 8 * \\index(%rip)\n"
	"0:	push $\\index\n"
	"	jmp on_demand_first\n"
	".size \\name, . - \\name\n"
	".pushsection .data.rel.on_demand, \"aw\"\n"
	".quad 0b\n"
	".popsection\n"
	".endm\n"
	".section .data.rel.on_demand, \"aw\"\n"
	".balign 8\n"
	".globl on_demand_table\n"
	".hidden on_demand_table\n"
	"on_demand_table:\n"
	".text\n"
'''


def output_of(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding='utf-8').stdout


def dynamic_symbols(path):
    """(name, kind, binding, defined) of a program's or library's dynamic symbols."""
    for line in output_of('readelf', '-W', '--dyn-syms', path).splitlines():
        words = line.split()
        if len(words) >= 8 and words[0].rstrip(':').isdigit():
            yield words[7].split('@')[0], words[3], words[4], words[6] != 'UND'


def libraries_of(program):
    """(name to load it by, path) of the libraries that the program itself needs."""
    needed = re.findall(r'\(NEEDED\).*\[(.*)\]', output_of('readelf', '-W', '-d', program))
    paths = dict(re.findall(r'^\s*(\S+) => (\S+)', output_of('ldd', program), re.MULTILINE))
    return [(name, paths[name]) for name in needed if name in paths]


def functions_on_demand(program):
    """(library, function), in the order of the libraries."""
    wanted = {name for name, kind, binding, defined in dynamic_symbols(program)
              if kind == 'FUNC' and binding == 'GLOBAL' and not defined}
    libraries = libraries_of(program)
    for name, path in libraries:
        if RUNTIME.match(name):
            wanted -= {symbol for symbol, _, _, defined in dynamic_symbols(path) if defined}
    for name, path in libraries:
        if RUNTIME.match(name):
            continue
        here = sorted(wanted & {symbol for symbol, kind, _, defined in dynamic_symbols(path)
                                if defined and kind in ('FUNC', 'IFUNC')})
        wanted -= set(here)
        for symbol in here:
            yield name, symbol


def main():
    program, out = sys.argv[1:]
    found = list(functions_on_demand(program))
    lines = [f'\t"on_demand {symbol}, {i}\\n"' for i, (_, symbol) in enumerate(found)]
    lines += [');', '', 'static const struct function functions[] = {']
    lines += [f'\t{{"{library}", "{symbol}"}},' for library, symbol in found]
    lines += ['};', '']
    with open(out, 'w', encoding='utf-8') as f:
        f.write(HEAD + '\n'.join(lines))


if __name__ == '__main__':
    main()
