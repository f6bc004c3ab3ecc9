/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/integrity.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "domain/day_math.h"
#include "domain/exact.h"

static const struct {
	const char *id, *label, *harmless;
} checks[CHECK_COUNT] = {
	[CHECK_REUSED] = {"reused", "沿用上年数据", "情况确实没有变化，或上年的表录错了年份"},
	[CHECK_COPIED] = {"copied", "互相抄", "几个组织由同一套人按同一标准打分，或者同一个项目一起整改"},
	[CHECK_INFLATED] = {"inflated", "自评偏高", "测评人数少，或测评前刚发生过一件事"},
	[CHECK_FLAT] = {"flat", "打分一个样", "这个党委下面的组织确实差不多"},
	[CHECK_BALLOT_PATTERN] = {"ballot-pattern", "测评票反常", "人少，或大家意见一致"},
	[CHECK_WEAK_AS_GOOD] = {"weak-as-good", "以差充好", "情形在定级以后才发生，或者已经解决"},
	[CHECK_GOOD_FOR_WEAK] = {"good-for-weak", "以好充次", "是按党委提名或上级指定列入的"},
	[CHECK_ABSENT_HELPERS] = {"absent-helpers", "帮扶人不到位", "去过，没有记走访"},
	[CHECK_LEFT_OUT] = {"left-out", "该列没列", "正在初评，还没有列入"},
	[CHECK_BELOW_QUOTA] = {"below-quota", "不足比例", "组织太少，或者文件不要求按比例"},
	[CHECK_QUICK] = {"quick", "整改太快", "问题小，或者在列入以前已经着手"},
	[CHECK_PAPER_CONVERSION] = {"paper-conversion", "纸面转化", "销号以后出了新的问题"},
	[CHECK_NO_SOURCE] = {"no-source", "数据没有来源", "材料在纸上，还没有录入"},
	[CHECK_SUMS] = {"sums", "合计对不上", "报出以后明细又改过"},
};
const struct integrity_limits integrity_defaults = {
	.reused_share = 20, .copied_sheets = 3, .copied_chance = 50, .copied_texts = 2,
	.copied_words = 20, .inflated_points = 10, .inflated_mads = 3, .flat_share = 80, .few = 5,
	.tally_least = 20, .quick_days = 30, .unvisited_days = 90,
};

#define AT(name) offsetof(struct integrity_limits, name)

const struct integrity_limit integrity_limit_table[INTEGRITY_LIMITS] = {
	{"reused-share", CHECK_REUSED, "一个党委的评分表和上年一样的，达到", "%", 1, 100, AT(reused_share)},
	{"copied-sheets", CHECK_COPIED, "一个党委里一样的评分表，达到", "份", 2, 1000, AT(copied_sheets)},
	{"copied-chance", CHECK_COPIED, "碰巧一样的可能不超过", "‰", 1, 1000, AT(copied_chance)},
	{"copied-texts", CHECK_COPIED, "一个党委里一字不差的措施或报告，达到", "份", 2, 1000, AT(copied_texts)},
	{"copied-words", CHECK_COPIED, "多少字以上的措施和报告才比", "字", 5, 1000, AT(copied_words)},
	{"inflated-points", CHECK_INFLATED, "自评比测评高出", "分", 1, 100, AT(inflated_points)},
	{"inflated-mads", CHECK_INFLATED, "并且超过本党委习惯的", "倍偏差", 1, 20, AT(inflated_mads)},
	{"flat-share", CHECK_FLAT, "打同一个总分的，达到", "%", 50, 100, AT(flat_share)},
	{"few", CHECK_FLAT, "下属少于多少个的党委不作整体判断", "个", 3, 100, AT(few)},
	{"tally-least", CHECK_BALLOT_PATTERN, "票数一样或只有一个选项，票数达到", "张", 5, 10000, AT(tally_least)},
	{"quick-days", CHECK_QUICK, "开始整改到验收少于", "天", 1, 365, AT(quick_days)},
	{"unvisited-days", CHECK_ABSENT_HELPERS, "帮扶人没有走访记录满", "天", 7, 366, AT(unvisited_days)},
};

int *integrity_limit_of(struct integrity_limits *limits, int i)
{
	return (int *)(void *)((char *)limits + integrity_limit_table[i].at);
}

const char *integrity_id(enum integrity_check check) { return checks[check].id; }
const char *integrity_label(enum integrity_check check) { return checks[check].label; }
const char *integrity_harmless(enum integrity_check check) { return checks[check].harmless; }

struct finder {
	const struct integrity_input *in;
	const struct integrity_limits *limits;
	struct arena *arena;
	const struct integrity_org **sorted;	/* by committee */
	struct integrity_finding *found;
	int n, cap;
	bool failed;
};

__attribute__((format(printf, 5, 6)))
static void tell(struct finder *f, enum integrity_check check, int64_t object, const char *name,
		 const char *format, ...)
{
	struct err_info text = {0};
	va_list args;
	va_start(args, format);
	err_vset(&text, 0, format, args);
	va_end(args);
	if (f->n == f->cap) {
		int cap = f->cap ? f->cap * 2 : 32;
		struct integrity_finding *more = arena_zalloc(f->arena, (size_t)cap, sizeof(*more));
		if (!more) {
			f->failed = true;
			return;
		}
		if (f->n)
			memcpy(more, f->found, (size_t)f->n * sizeof(*more));
		f->found = more;
		f->cap = cap;
	}
	const char *copy = arena_strdup(f->arena, text.text);
	f->failed = f->failed || !copy;
	f->found[f->n++] = (struct integrity_finding){check, object, name, copy ? copy : ""};
}

/* A score with two places. */
static const char *points(struct finder *f, int64_t e4)
{
	AUTO(buf) struct buf text = {0};
	decimal_format_places(&text, (uint64_t)((e4 + 50) / 100), 2);
	const char *copy = text.failed ? NULL : arena_strdup(f->arena, buf_str(&text));
	f->failed = f->failed || !copy;
	return copy ? copy : "";
}

/* ---- of one committee ---- */

static void find_reused(struct finder *f, const struct integrity_org **g, int n)
{
	int same = 0, all = 0;
	for (int i = 0; i < n; i++) {
		if (!*g[i]->sheet || !*g[i]->last_sheet)
			continue;
		all++;
		if (strcmp(g[i]->sheet, g[i]->last_sheet) != 0)
			continue;
		same++;
		if (g[i]->sum_e4 >= 0)
			tell(f, CHECK_REUSED, g[i]->id, g[i]->name, "每一项得分都和上年一样，两年合计都是 %s 分", points(f, g[i]->sum_e4));
		else
			tell(f, CHECK_REUSED, g[i]->id, g[i]->name, "每一项得分都和上年一样");
	}
	if (all >= f->limits->few && same * 100 >= all * f->limits->reused_share)
		tell(f, CHECK_REUSED, g[0]->parent, g[0]->parent_name, "%d 份评分表里有 %d 份和上年一样", all, same);
}

/* ---- copied ---- */

/* The texts that are compared, one function each. */
typedef const char *(*text_fn)(const struct integrity_org *org);
static const char *sheet_of(const struct integrity_org *o) { return o->sheet; }
static const char *measures_of(const struct integrity_org *o) { return o->measures; }
static const char *report_of(const struct integrity_org *o) { return o->report; }
static const char *paper_of(const struct integrity_org *o) { return o->paper; }
static const char *tally_of(const struct integrity_org *o) { return o->tally; }

enum { NAMES_SHOWN = 6 };

/* How many have this text, if `i` is the first of them, else 0; the names of the
 * others. */
static int same_text(struct finder *f, const struct integrity_org **g, int n, int i, text_fn text,
		     const char **ret_names)
{
	AUTO(buf) struct buf names = {0};
	const char *own = text(g[i]);
	int same = 0;
	*ret_names = "";
	for (int k = 0; k < n && *own; k++) {
		if (strcmp(own, text(g[k])) != 0)
			continue;
		if (k < i)
			return 0;
		if (k > i && same <= NAMES_SHOWN)
			buf_addf(&names, "%s%s", names.len ? "、" : "", g[k]->name);
		same++;
	}
	if (same > NAMES_SHOWN + 1)
		buf_adds(&names, "等");
	const char *copy = same > 1 ? arena_strdup(f->arena, buf_str(&names)) : "";
	f->failed = f->failed || !copy;
	*ret_names = copy ? copy : "";
	return same;
}

enum { CHANCE_ONE = 1000000000, CHANCE_SAMPLE = 2000 };

static size_t cell_len(const char *cell) { return strcspn(cell, "\t"); }

static const char *cell_at(const char *sheet, int cell)
{
	for (; cell > 0; cell--) {
		sheet += cell_len(sheet);
		if (!*sheet)
			return NULL;
		sheet++;
	}
	return sheet;
}

/* How many others of this committee would have this sheet by chance, in
 * 1/CHANCE_ONE: for each cell the share of all organisations outside the group
 * that have the same figure there. */
static int64_t by_chance(const struct finder *f, const struct integrity_org *own, int n_committee)
{
	int64_t p = CHANCE_ONE;
	int step = f->in->n_orgs / CHANCE_SAMPLE + 1;
	const char *cell;
	for (int c = 0; (cell = cell_at(own->sheet, c)); c++) {
		int64_t all = 1, same = 1;
		for (int i = 0; i < f->in->n_orgs; i += step) {
			const struct integrity_org *o = &f->in->orgs[i];
			const char *other = *o->sheet ? cell_at(o->sheet, c) : NULL;
			if (!other || (o->parent == own->parent && strcmp(o->sheet, own->sheet) == 0))
				continue;
			all++;
			same += cell_len(other) == cell_len(cell) && memcmp(other, cell, cell_len(cell)) == 0;
		}
		p = p * same / all;
	}
	return p * (n_committee - 1);
}

static bool is_long(const struct finder *f, const char *text)
{
	int characters = 0;
	for (; *text && characters < f->limits->copied_words; text++)
		characters += ((unsigned char)*text & 0xC0) != 0x80;
	return characters >= f->limits->copied_words;
}

static void find_copied(struct finder *f, const struct integrity_org **g, int n)
{
	int64_t chance = (int64_t)f->limits->copied_chance * (CHANCE_ONE / 1000);
	for (int i = 0; i < n; i++) {
		const char *others;
		int same = same_text(f, g, n, i, sheet_of, &others);
		if (same >= f->limits->copied_sheets && by_chance(f, g[i], n) <= chance)
			tell(f, CHECK_COPIED, g[i]->id, g[i]->name, "和%s %d 份评分表每一项都一样，合计 %s 分", others, same,
			     points(f, g[i]->sum_e4 < 0 ? 0 : g[i]->sum_e4));
		if (is_long(f, g[i]->measures) &&
		    (same = same_text(f, g, n, i, measures_of, &others)) >= f->limits->copied_texts)
			tell(f, CHECK_COPIED, g[i]->id, g[i]->name, "和%s %d 个台账的整顿措施一字不差", others, same);
		if (is_long(f, g[i]->report) &&
		    (same = same_text(f, g, n, i, report_of, &others)) >= f->limits->copied_texts)
			tell(f, CHECK_COPIED, g[i]->id, g[i]->name, "和%s %d 个组织的自评报告一字不差", others, same);
		if ((same = same_text(f, g, n, i, paper_of, &others)) >= f->limits->copied_texts)
			tell(f, CHECK_COPIED, g[i]->id, g[i]->name, "和%s %d 个台账的自查报告是同一个文件", others, same);
	}
}

/* ---- self-evaluations and ballots ---- */

static int by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

/* The committee's habit: median, and median of the distances from it. */
static void find_inflated(struct finder *f, const struct integrity_org **g, int n)
{
	int64_t *gaps = arena_alloc(f->arena, (size_t)(n + 1) * sizeof(*gaps));
	int m = 0;
	for (int i = 0; gaps && i < n; i++)
		if (g[i]->self_e4 >= 0 && g[i]->ballot_e4 >= 0)
			gaps[m++] = g[i]->self_e4 - g[i]->ballot_e4;
	if (m < f->limits->few || !gaps)
		return;
	qsort(gaps, (size_t)m, sizeof(*gaps), by_number);
	int64_t median = gaps[m / 2];
	for (int i = 0; i < m; i++)
		gaps[i] = gaps[i] < median ? median - gaps[i] : gaps[i] - median;
	qsort(gaps, (size_t)m, sizeof(*gaps), by_number);
	int64_t most = median + f->limits->inflated_mads * gaps[m / 2];
	for (int i = 0; i < n; i++) {
		int64_t gap = g[i]->self_e4 - g[i]->ballot_e4;
		if (g[i]->self_e4 >= 0 && g[i]->ballot_e4 >= 0 && gap > most &&
		    gap > f->limits->inflated_points * INT64_C(10000))
			tell(f, CHECK_INFLATED, g[i]->id, g[i]->name, "自评 %s 分，测评 %s 分，高 %s 分；本党委一般高 %s%s 分",
			     points(f, g[i]->self_e4), points(f, g[i]->ballot_e4), points(f, gap), median < 0 ? "-" : "",
			     points(f, median < 0 ? -median : median));
	}
}

static void find_flat(struct finder *f, const struct integrity_org **g, int n)
{
	int all = 0, best = 0;
	int64_t sum = -1;
	for (int i = 0; i < n; i++) {
		int same = 0;
		all += g[i]->sum_e4 >= 0;
		for (int k = 0; k < n && g[i]->sum_e4 >= 0; k++)
			same += g[k]->sum_e4 == g[i]->sum_e4;
		if (same > best) {
			best = same;
			sum = g[i]->sum_e4;
		}
	}
	if (all >= f->limits->few && best * 100 >= all * f->limits->flat_share)
		tell(f, CHECK_FLAT, g[0]->parent, g[0]->parent_name, "%d 个组织里 %d 个都打 %lld 分", all, best,
		     (long long)(sum / 10000));
}

static void find_patterns(struct finder *f, const struct integrity_org **g, int n)
{
	int known = 0, full = 0;
	for (int i = 0; i < n; i++) {
		const char *others;
		int same = same_text(f, g, n, i, tally_of, &others);
		if (same >= 2 && g[i]->voted >= f->limits->tally_least)
			tell(f, CHECK_BALLOT_PATTERN, g[i]->id, g[i]->name, "和%s %d 个组织的票数完全一样（%s）", others, same,
			     g[i]->tally);
		if (g[i]->one_option && g[i]->voted >= f->limits->tally_least)
			tell(f, CHECK_BALLOT_PATTERN, g[i]->id, g[i]->name, "%lld 张票全部是同一个选项",
			     (long long)g[i]->voted);
		if (g[i]->base > 0 && *g[i]->tally && !g[i]->everyone) {
			known++;
			full += g[i]->voted >= g[i]->base;
		}
	}
	if (known >= f->limits->few && full == known)
		tell(f, CHECK_BALLOT_PATTERN, g[0]->parent, g[0]->parent_name, "%d 个组织的参评率都是 100%%", known);
}

/* ---- of one organisation ---- */

/* Written off, and the grading or the ballot after it is no better than before. */
static void find_paper_conversion(struct finder *f, const struct integrity_org *o)
{
	if (!o->written_off_day || !o->graded || o->graded_day <= o->written_off_day)
		return;
	if (o->last_grade > 0 && o->grade >= o->last_grade)
		tell(f, CHECK_PAPER_CONVERSION, o->id, o->name, "销号以前定为第 %d 等，销号以后定为第 %d 等，没有变好",
		     o->last_grade + 1, o->grade + 1);
	else if (o->ballot_e4 >= 0 && o->last_ballot_e4 >= 0 && o->ballot_e4 <= o->last_ballot_e4)
		tell(f, CHECK_PAPER_CONVERSION, o->id, o->name, "销号以前测评 %s 分，销号以后测评 %s 分，没有变好",
		     points(f, o->last_ballot_e4), points(f, o->ballot_e4));
}

static void find_of_ledger(struct finder *f, const struct integrity_org *o)
{
	if (o->graded && o->n_grades > 2 && o->grade <= 1 && o->criterion)
		tell(f, CHECK_WEAK_AS_GOOD, o->id, o->name, "定为第 %d 等（共 %d 等），但是%s", o->grade + 1,
		     o->n_grades, *o->why ? o->why : "有软弱涣散的情形");
	if (o->open && o->graded && o->grade < o->n_grades - 1 && !o->reason)
		tell(f, CHECK_GOOD_FOR_WEAK, o->id, o->name, "定为第 %d 等（共 %d 等），没有一条情形，却在台账里", o->grade + 1,
		     o->n_grades);
	if (o->open && o->n_unvisited)
		tell(f, CHECK_ABSENT_HELPERS, o->id, o->name, "%d 个帮扶人里 %d 个满 %d 天没有走访记录%s%s", o->n_helpers,
		     o->n_unvisited, f->limits->unvisited_days, *o->unvisited ? "：" : "", o->unvisited);
	if (o->reason && !o->listed)
		tell(f, CHECK_LEFT_OUT, o->id, o->name, "%s，但不在台账里", *o->why ? o->why : "列入的依据成立");
	int days = o->started_day && o->accepted_day ? day_between(o->started_day, o->accepted_day) : INT32_MAX;
	if (days < f->limits->quick_days)
		tell(f, CHECK_QUICK, o->id, o->name, "%d-%02d-%02d 开始整改，%d-%02d-%02d 验收，只有 %d 天",
		     o->started_day / 10000, o->started_day / 100 % 100, o->started_day % 100, o->accepted_day / 10000,
		     o->accepted_day / 100 % 100, o->accepted_day % 100, days);
	if (o->n_problems > 2 && o->n_closed_one_day == o->n_problems)
		tell(f, CHECK_QUICK, o->id, o->name, "%d 个问题在同一天办结", o->n_problems);
	else if (o->n_problems > 2 && o->n_closed_on_eve == o->n_problems)
		tell(f, CHECK_QUICK, o->id, o->name, "%d 个问题都在到期前一天办结", o->n_problems);
	find_paper_conversion(f, o);
	if (*o->tally && !o->counters)
		tell(f, CHECK_NO_SOURCE, o->id, o->name, "有票数，没有写计票人");
	if (o->graded && !*o->sheet)
		tell(f, CHECK_NO_SOURCE, o->id, o->name, "有定级结果，没有评分表");
	if (o->no_meeting)
		tell(f, CHECK_NO_SOURCE, o->id, o->name, "等次已经公示或上报，没有党委的会议记录");
	if (o->n_unproved)
		tell(f, CHECK_NO_SOURCE, o->id, o->name, "%d 个问题办结，没有作数的佐证", o->n_unproved);
}

static void find_sum(struct finder *f, const struct integrity_sum *s)
{
	AUTO(buf) struct buf reported = {0}, rows = {0};
	if (s->reported_e4 == s->rows_e4)
		return;
	decimal_format_e4(&reported, s->reported_e4);
	decimal_format_e4(&rows, s->rows_e4);
	tell(f, CHECK_SUMS, s->node, s->name, "%s：报 %s，%s %s", s->what, buf_str(&reported),
	     s->own ? "系统里是" : "明细加起来", buf_str(&rows));
}

static int by_committee(const void *a, const void *b)
{
	const struct integrity_org *x = *(const struct integrity_org *const *)a;
	const struct integrity_org *y = *(const struct integrity_org *const *)b;
	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static int by_check(const void *a, const void *b)
{
	const struct integrity_finding *x = a, *y = b;
	if (x->check != y->check)
		return x->check < y->check ? -1 : 1;
	if (x->object != y->object)
		return x->object < y->object ? -1 : 1;
	return strcmp(x->figures, y->figures);
}

int integrity_find(const struct integrity_input *in, const struct integrity_limits *limits,
		   struct arena *arena, struct integrity_finding **ret_findings, int *ret_n)
{
	struct finder f = {.in = in, .limits = limits, .arena = arena};
	f.sorted = arena_alloc(arena, (size_t)(in->n_orgs + 1) * sizeof(*f.sorted));
	if (!f.sorted)
		return ERR_NOMEM;
	for (int i = 0; i < in->n_orgs; i++)
		f.sorted[i] = &in->orgs[i];
	qsort(f.sorted, (size_t)in->n_orgs, sizeof(*f.sorted), by_committee);
	for (int from = 0, to; from < in->n_orgs; from = to) {
		for (to = from + 1; to < in->n_orgs && f.sorted[to]->parent == f.sorted[from]->parent;)
			to++;
		const struct integrity_org **group = f.sorted + from;
		find_reused(&f, group, to - from);
		find_copied(&f, group, to - from);
		find_inflated(&f, group, to - from);
		find_flat(&f, group, to - from);
		find_patterns(&f, group, to - from);
	}
	for (int i = 0; i < in->n_orgs; i++)
		find_of_ledger(&f, &in->orgs[i]);
	for (int i = 0; i < in->n_quotas; i++)
		if (in->quotas[i].have < in->quotas[i].wanted)
			tell(&f, CHECK_BELOW_QUOTA, in->quotas[i].node, in->quotas[i].name, "%s应有 %d 个，只有 %d 个",
			     in->quotas[i].what, in->quotas[i].wanted, in->quotas[i].have);
	for (int i = 0; i < in->n_sums; i++)
		find_sum(&f, &in->sums[i]);
	if (f.failed)
		return ERR_NOMEM;
	if (f.n)
		qsort(f.found, (size_t)f.n, sizeof(*f.found), by_check);
	*ret_findings = f.found;
	*ret_n = f.n;
	return 0;
}
