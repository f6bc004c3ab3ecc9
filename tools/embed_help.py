#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed_help.py OUT.c OUT.d FOLDER - writes the table of src/web/help.h.

Every *.md of FOLDER becomes a page, named as its file; its first line is its
title. The folder stands in the dependency file, so that new pages are found.
"""
import os
import sys

HEAD = """/* Made by tools/embed_help.py; do not edit. */
#include "web/help.h"

#define EMBED(symbol, path) \\
	__asm__(".pushsection .rodata\\n" \\
		".global " #symbol "\\n" #symbol ":\\n.incbin \\"" path "\\"\\n" \\
		".global " #symbol "_end\\n" #symbol "_end:\\n.byte 0\\n.popsection\\n"); \\
	extern const char symbol[], symbol##_end[]

"""


def main(out, depfile, folder):
    names = sorted(name[:-3] for name in os.listdir(folder) if name.endswith(".md"))
    embeds, rows, paths = [], [], [folder]
    for i, name in enumerate(names):
        path = os.path.abspath(os.path.join(folder, name + ".md"))
        with open(path, encoding="utf-8") as f:
            title = f.readline()
        if not title.startswith("# "):
            sys.exit(f"{path}: the first line must be its title: # …")
        title = title[2:].strip().replace("\\", "\\\\").replace('"', '\\"')
        embeds.append(f'EMBED(help_{i}, "{path}");')
        rows.append(f'\t{{"{name}", "{title}", help_{i}, help_{i}_end}},')
        paths.append(path)
    with open(out, "w", encoding="utf-8") as f:
        f.write(HEAD + "\n".join(embeds) + "\n\nconst struct help_page help_pages[] = {\n"
                + "\n".join(rows) + "\n\t{0},\n};\n")
    with open(depfile, "w", encoding="utf-8") as f:
        f.write(f"{os.path.basename(out)}: " + " ".join(p.replace(" ", "\\ ") for p in paths) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
