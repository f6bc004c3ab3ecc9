/* SPDX-License-Identifier: Apache-2.0 */
#include "import/scheme_yaml.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "import/scheme_load.h"

static void set_defaults(struct scheme *scheme)
{
	scheme->graded = LEVEL_UNIT;
	scheme->places = 2;
	scheme->ranking.all = true;
	for (int i = 0; i < LEVEL_COUNT; i++)
		scheme->level_label[i] = level_label((enum level)i);
	scheme->meetings = (struct scheme_meetings){"", ""};
	scheme->acceptance.levels = 1u << LEVEL_COUNTY;
	scheme->acceptance.pass_e4 = 70 * 10000;
	scheme->acceptance.dissatisfied_e6 = 500000;
	scheme->cases = (struct scheme_case){
		.n_lookbacks = 3,
		.lookback_months = {3, 6, 12},
		.training_days = 3,
		.quick_days = 30,
		.stuck_years = 3,
	};
}

/* Reads the tree into the draft. ERR_INPUT where any fault was found. */
static int load(struct loader *loader, struct arena *nodes, const char *text, size_t len,
		struct err_info *info)
{
	struct ynode *root;
	int r = ytree_read(&root, nodes, text, len, loader->faults, info);
	if (r < 0)
		return r;
	loader->root = root;
	if (root->kind == YNODE_MAP) {
		loader_read(loader, &scheme_shape, root, loader->draft);
		scheme_check(loader);
	} else {
		faults_add(loader->faults, root->line,
			   "方案应由“键: 值”组成，例如 id: zhangji-town（冒号用半角，后面加空格）");
	}
	if (loader->nomem)
		return err_nomem(info);
	if (loader->faults->total)
		return err_set(info, ERR_INPUT, "方案 %s 有 %llu 处错误", loader->faults->name,
			       (unsigned long long)loader->faults->total);
	return 0;
}

int scheme_load_text(struct scheme *ret_scheme, const char *name, const char *text, size_t len,
		     struct diag *diag, struct err_info *info)
{
	AUTO(arena) struct arena nodes = {0};
	struct draft draft = {0};
	struct faults *faults = calloc(1, sizeof(*faults));	/* large for a stack */
	if (!faults)
		return err_nomem(info);

	faults->name = name;
	set_defaults(&draft.scheme);
	struct loader loader = {.arena = &draft.scheme.arena, .faults = faults, .draft = &draft};
	int r = load(&loader, &nodes, text, len, info);
	if (r == 0)
		*ret_scheme = draft.scheme;
	else
		scheme_done(&draft.scheme);
	if (r == ERR_INPUT)
		faults_report(faults, diag);
	faults_done(faults);
	free(faults);
	return r;
}

const struct shipped_scheme *shipped_scheme_find(const char *id)
{
	size_t n;
	const struct shipped_scheme *all = shipped_schemes(&n);
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].id, id) == 0)
			return &all[i];
	return NULL;
}

static int no_such_scheme(const char *name, struct err_info *info)
{
	size_t n;
	const struct shipped_scheme *all = shipped_schemes(&n);
	const char *near = NULL;
	unsigned best = 5;
	AUTO(buf) struct buf list = {0};
	for (size_t i = 0; i < n; i++) {
		unsigned d = str_distance(str_from(name), str_from(all[i].id), 4);
		if (d < best) {
			best = d;
			near = all[i].id;
		}
		buf_addf(&list, "%s%s", i ? "、" : "", all[i].id);
	}
	return err_set(info, ERR_NOT_FOUND, "没有方案文件或内置方案“%s”%s%s%s内置方案有：%s", name,
		       near ? "，是不是 " : "", near ? near : "", near ? "？" : "；",
		       buf_str(&list));
}

int scheme_load(struct scheme *ret_scheme, const char *file_or_id, struct diag *diag,
		struct err_info *info)
{
	AUTO(buf) struct buf text = {0};
	struct stat st;
	bool standard = strcmp(file_or_id, "-") == 0;
	const struct shipped_scheme *shipped = shipped_scheme_find(file_or_id);

	/* A folder named like a shipped scheme does not hide it. */
	if (!standard && (stat(file_or_id, &st) < 0 || (S_ISDIR(st.st_mode) && shipped))) {
		if (!shipped)
			return no_such_scheme(file_or_id, info);
		return scheme_load_text(ret_scheme, shipped->id, shipped->text, shipped->len, diag,
					info);
	}
	int r = file_read(file_or_id, YTREE_SIZE_MAX, &text, info);
	if (r < 0)
		return r;
	return scheme_load_text(ret_scheme, standard ? "标准输入" : file_or_id, buf_str(&text),
				text.len, diag, info);
}
