/* SPDX-License-Identifier: Apache-2.0 */
/* The scheme to begin with, and the reference of all keys from the tables. */
#include <stdio.h>

#include "import/scheme_load.h"
#include "import/scheme_template.h"

enum { SHAPES_MAX = 64 };

struct printer {
	struct buf *buf;
	int n;
	const struct shape *done[SHAPES_MAX];	/* printed already */
};

static bool print_once(struct printer *p, const struct shape *shape)
{
	for (int i = 0; i < p->n; i++)
		if (p->done[i] == shape)
			return false;
	if (p->n == SHAPES_MAX)
		return false;
	p->done[p->n++] = shape;
	return true;
}

static void print_shape(struct printer *p, const char *path, const struct shape *shape)
{
	if (!print_once(p, shape))
		return;
	buf_addf(p->buf, "#\n# %s%s%s\n", path[0] ? path : "全文", path[0] ? " 里的键：" : "的键：",
		 path[0] ? shape->what : "");
	for (const struct key *key = shape->keys; key->name; key++)
		buf_addf(p->buf, "#   %-18s %s%s（%s）\n", key->name, key->required ? "【必填】" : "",
			 key->doc, key->type->expects);
	for (const struct key *key = shape->keys; key->name; key++) {
		char inner[128];
		if (!key->shape)
			continue;
		snprintf(inner, sizeof(inner), "%s%s%s", path, path[0] ? "." : "", key->name);
		print_shape(p, inner, key->shape);
	}
}

void scheme_write_template(struct buf *buf)
{
	size_t n;
	const struct shipped_scheme *template = scheme_templates(&n);
	struct printer p = {.buf = buf};

	buf_add(buf, template->text, template->len);
	buf_adds(buf, "\n# ---- 全部可用的键 ----\n");
	print_shape(&p, "", &scheme_shape);
}
