/* SPDX-License-Identifier: Apache-2.0 */
#include "app/forms.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/forms_fill.h"
#include "domain/day_math.h"
#include "store/campaign_step.h"
#include "store/id.h"

enum { CODE_LEN = 10, CHINA_S = 8 * 3600, DAY_S = 86400 };

#define X (1u << DOC_XLSX)
#define D (1u << DOC_DOCX)
#define P (1u << DOC_PDF)
#define T (1u << DOC_PLAIN)

const struct form_kind form_kinds[] = {
	{"f1", "F1", "软弱涣散基层党组织情况汇总表", "分九类和合计，每类一张，报上级", X | P, false, true, true, false, fill_f1},
	{"f2", "F2", "软弱涣散基层党组织简要情况一览表", "正在整顿的党组织，逐个列出", X | P, false, true, true, false, fill_f2},
	{"f3", "F3", "党组织换届选举难点村简要情况一览表", "推迟换届、先整顿的村", X | P, false, true, true, false, fill_f3},
	{"f4", "F4", "基层党组织分类定级结果汇总表", "党委书记签字、盖章，报上级审查", X | P, true, false, true, false, fill_f4},
	{"f5", "F5", "分类定级量化评分表", "每个党组织一张，自评和评定用", X | P, true, false, true, false, fill_f5},
	{"f5-standards", "F5", "各领域分类定级参考标准", "每个领域一张：指标、标准、分值、等次，自评和测评时对照", X | D | P, true, false, false, false,
	 fill_f5_standards},
	{"f6", "F6", "党员群众测评票", "纸质测评用，一页两张，裁开发放", P, true, false, false, false, fill_f6},
	{"f6-tally", "F6", "测评汇总表", "每个党组织一张，计票人、监票人签字", P, true, false, true, false, fill_f6_tally},
	{"f7", "F7", "重点整顿的后进党组织调查摸底表", "正在整顿的党组织、问题、原因和措施", X | P, false, true, true, false, fill_f7},
	{"f8", "F8", "菜单式整顿台账", "一个问题一行：措施、目标、责任人、时限", X | P, false, true, true, false, fill_f8},
	{"f9", "F9", "整顿方案", "一个党组织一套方案", D | P, false, true, true, true, fill_f9},
	{"f10", "F10", "公示", "定级结果在一定范围内公示", D | P, true, false, false, true, fill_f10},
	{"f11", "F11", "情况说明和工作总结", "好的和较差的逐个说明；年度工作总结", D, true, false, false, true, fill_f11},
	{"f12", "F12", "验收表", "每个党组织一张，两名验收人签字", D | P, false, true, true, false, fill_f12},
	{"f12-notice", "F12", "销号通知", "每个销号的党组织一份", D | P, false, true, true, true, fill_f12_notice},
	{"f13", "F13", "督查通报", "进展、逾期、先进和后进，按月", D | P, false, true, true, false, fill_f13},
	{"f14", "F14", "分类定级台账", "全年调查摸底和定级情况", X, true, false, true, false, fill_f14},
	{"f15", "F15", "评星结果", "按审定的级别分表", X, true, false, true, false, fill_f15},
	{"f16", "F16", "领导一页纸", "等次、比去年、逾期、先后、要定的事", D | P, true, false, false, false, fill_f16},
	{"f17", "F17", "催办文字", "复制到工作群：谁还差什么，没有分数和电话", T, true, false, false, false, fill_f17},
	{"f18", "F18", "自选列统计", "自己选列、筛选，可以起名保存", X | P, false, false, false, false, fill_f18},
	{0},
};

const struct form_kind *form_find(const char *id)
{
	for (const struct form_kind *k = form_kinds; k->id; k++)
		if (strcmp(k->id, id) == 0)
			return k;
	return NULL;
}

/* ---- helpers for those who fill ---- */

const char *fill_day(struct form_fill *f, int32_t day)
{
	return day ? arena_printf(f->arena, "%d年%d月%d日", day / 10000, day / 100 % 100, day % 100) : NULL;
}

int fill_found(struct form_fill *f, const char *figure, int64_t id, const char *code,
	       const char *name)
{
	if (!f->ask->figure || strcmp(figure, f->ask->figure) != 0)
		return 0;
	if (f->n_found == f->cap_found) {
		int cap = f->cap_found ? f->cap_found * 2 : 64;
		struct form_org *found = arena_alloc(f->arena, (size_t)cap * sizeof(*found));
		if (!found)
			return ERR_NOMEM;
		if (f->n_found)
			memcpy(found, f->found, (size_t)f->n_found * sizeof(*found));
		f->found = found;
		f->cap_found = cap;
	}
	f->found[f->n_found++] = (struct form_org){id, code, name};
	return 0;
}

static int by_org(const void *a, const void *b)
{
	int64_t x = ((const struct org_step *)a)->org, y = ((const struct org_step *)b)->org;
	return (x > y) - (x < y);
}

int fill_found_step(struct form_fill *f, const char *figure, const char *path, int step,
		    unsigned states)
{
	struct campaign_org *orgs;
	struct org_step *steps;
	int n, n_steps;
	if (!f->ask->figure || strcmp(figure, f->ask->figure) != 0)
		return 0;
	int r = store_campaign_orgs(f->tx, f->ask->campaign, path, true, f->arena, &orgs, &n);
	if (r == 0)
		r = store_org_steps_below(f->tx, f->ask->campaign, path, step, f->arena, &steps, &n_steps);
	if (r == 0 && n_steps)
		qsort(steps, (size_t)n_steps, sizeof(*steps), by_org);
	for (int i = 0; i < n && r == 0; i++) {
		const struct org_step key = {.org = orgs[i].id};
		const struct org_step *hit = n_steps ? bsearch(&key, steps, (size_t)n_steps, sizeof(key), by_org) :
						       NULL;
		if (states >> (hit ? hit->state : STEP_NOT_BEGUN) & 1)
			r = fill_found(f, figure, orgs[i].id, orgs[i].code, orgs[i].name);
	}
	return r;
}

/* ---- one form in one transaction ---- */

struct job {
	struct app *app;
	const struct caller *caller;
	const struct form_ask *ask;
	const struct form_kind *kind;
	struct arena *arena;
	struct doc doc;
	struct form_fill fill;
	/* issuing */
	const char *how;
	struct print print;
	/* checking and lists */
	const char *code;
	struct form_check check;
	int64_t node, offset, limit, total;
	struct print *prints;
	struct form_place place;
	const struct form_view *view;
	const char *name;
	int n;
};

int fill_enter(struct form_fill *f, struct err_info *info)
{
	const struct form_ask *ask = f->ask;
	int r = app_enter(f->tx, f->caller, ACTION_REPORT_READ, ask->node, f->arena, &f->access, f->path,
			  info);
	if (r == 0)
		r = store_org_get(f->tx, ask->node, f->arena, &f->node);
	if (r < 0)
		return r;
	if (!r)
		return err_set(info, ERR_NOT_FOUND, "没有这个组织");
	if (ask->campaign) {
		r = campaign_enter(f->tx, f->app, f->caller, ACTION_REPORT_READ, ask->campaign, ask->node,
				   f->arena, &f->call, info);
		if (r < 0)
			return r;
		snprintf(f->path, sizeof(f->path), "%s", f->call.path);
	}
	f->head = (struct form_head){f->node.name, fill_day(f, f->caller->today),
				     ask->campaign ? f->call.campaign.year : f->caller->today / 10000,
				     ask->blank, false};
	return 0;
}

static int enter(struct db_tx *tx, struct job *job, struct err_info *info)
{
	job->fill = (struct form_fill){.app = job->app, .tx = tx, .caller = job->caller, .ask = job->ask,
				       .arena = job->arena};
	if (job->kind->campaign && !job->ask->campaign)
		return err_set(info, ERR_INPUT, "请先选择年度工作");
	if (job->ask->blank && !job->kind->blank)
		return err_set(info, ERR_INPUT, "%s没有空表", job->kind->label);
	int r = fill_enter(&job->fill, info);
	job->fill.head.red = job->ask->red && job->kind->red;
	return r;
}

/* All children are going to be asked for, here and in the campaign's tree. */
static int know_children(struct db_tx *tx, struct job *job, const struct org_child *children, int n)
{
	int64_t *ids = arena_alloc(job->arena, ((size_t)n + 1) * sizeof(*ids));
	int m = 0;
	if (!ids)
		return ERR_NOMEM;
	for (int i = 0; i < n; i++)
		if (children[i].org.state == ORG_ACTIVE && children[i].below)
			ids[m++] = children[i].org.id;
	int r = store_orgs_know(tx, ids, m);
	return r < 0 || !job->ask->campaign ? r : store_campaign_orgs_know(tx, job->ask->campaign, ids, m);
}

/* One for each active child; those that have nothing to tell are left out. */
static int make_each(struct db_tx *tx, struct job *job, struct err_info *info)
{
	const struct form_ask *whole = job->ask;
	struct org_child *children;
	int n, r = store_org_children(tx, whole->node, job->arena, &children, &n);
	doc_init(&job->doc, job->kind->name, job->kind->label);
	if (r == 0)
		r = know_children(tx, job, children, n);
	for (int i = 0; r == 0 && i < n; i++) {
		struct form_ask ask = *whole;
		struct doc one = {0};
		if (children[i].org.state != ORG_ACTIVE || children[i].below == 0)
			continue;
		ask.node = children[i].org.id;
		job->ask = &ask;
		r = enter(tx, job, info);
		if (r == 0)
			r = job->kind->fill(&job->fill, &one, info);
		job->ask = whole;
		if (r == 0)
			doc_take(&job->doc, &one, children[i].org.name, children[i].org.id);
		else
			doc_done(&one);
		if (r == ERR_STATE)
			r = 0;
	}
	if (r == 0 && !job->doc.n_sheets)
		return err_set(info, ERR_STATE, "“%s”的下级没有可以打印的", job->fill.node.name);
	return r;
}

static int make_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	doc_done(&job->doc);
	int r = enter(tx, job, info);
	if (r == 0 && job->ask->each)
		r = make_each(tx, job, info);
	else if (r == 0)
		r = job->kind->fill(&job->fill, &job->doc, info);
	if (r == 0 && job->doc.failed)
		r = err_nomem(info);
	if (r == ERR_NOMEM && !info->text[0])
		err_nomem(info);
	return r;
}

static int start(struct job *job, struct err_info *info)
{
	job->kind = form_find(job->ask->form);
	return job->kind ? 0 : err_set(info, ERR_NOT_FOUND, "没有这种表");
}

int forms_make(struct app *app, const struct caller *caller, const struct form_ask *ask,
	       struct arena *arena, struct doc *ret_doc, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .ask = ask, .arena = arena};
	int r = start(&job, info);
	if (r == 0)
		r = db_read(app->db, make_fn, &job, info);
	if (r < 0) {
		doc_done(&job.doc);
		return r;
	}
	job.doc.made_s = caller->now_ms / 1000;
	*ret_doc = job.doc;
	return 0;
}

int forms_figure(struct app *app, const struct caller *caller, const struct form_ask *ask,
		 struct arena *arena, struct form_org **ret_orgs, int *ret_n, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .ask = ask, .arena = arena};
	int r = start(&job, info);
	if (r == 0)
		r = db_read(app->db, make_fn, &job, info);
	doc_done(&job.doc);
	if (r < 0)
		return r;
	*ret_orgs = job.fill.found;
	*ret_n = job.fill.n_found;
	return 0;
}

const char *forms_file_name(const struct doc *doc, const char *unit, struct arena *arena)
{
	const char *name = arena_printf(arena, "%s-%s-%s", doc->form, doc->title, unit ? unit : "");
	return name ? name : doc->form;
}

/* ---- version and check code ---- */

struct hash_key {
	unsigned char key[APP_KEY_LEN];
	bool make;
};

static int hash_key_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct hash_key *k = arg;
	(void)info;
	return app_key(tx, "print_key", k->make, k->key);
}

static int find_hash_key(struct app *app, struct hash_key *key, struct err_info *info)
{
	int r = db_read(app->db, hash_key_fn, key, info);
	if (r != ERR_NOT_FOUND)
		return r;
	key->make = true;
	return db_write(app->db, 0, hash_key_fn, key, info);
}

/* A keyed hash of the words and figures, with what they are. Keyed: the list of
 * prints is seen by those who may not see every figure of the form, and from a
 * plain one they could find by trying how few people voted (ballots.md). */
static int hash_doc(struct app *app, const struct doc *doc, const struct print *p,
		    unsigned char ret_hash[PRINT_HASH_LEN], struct err_info *info)
{
	struct hash_key key = {.make = false};
	AUTO(buf) struct buf b = {0};
	buf_addf(&b, "%s\n%lld\n%lld\n%s\n", p->form, (long long)p->node, (long long)p->campaign, p->detail);
	int r = doc_write_essence(doc, &b, info);
	if (r == 0)
		r = find_hash_key(app, &key, info);
	if (r < 0)
		return r;
	crypto_generichash(ret_hash, PRINT_HASH_LEN, (const unsigned char *)b.data, b.len, key.key,
			   sizeof(key.key));
	return 0;
}

/* 50 bits in letters and digits that are not mistaken for each other. */
static const char *make_code(const unsigned char hash[PRINT_HASH_LEN], struct arena *arena)
{
	static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char code[CODE_LEN + 2];
	uint64_t bits = 0;
	int at = 0;
	for (int i = 0; i < 8; i++)
		bits = bits << 8 | hash[i];
	for (int i = 0; i < CODE_LEN; i++) {
		if (i == CODE_LEN / 2)
			code[at++] = '-';
		code[at++] = letters[bits >> (59 - 5 * i) & 31];
	}
	code[at] = '\0';
	return arena_strdup(arena, code);
}

static const char *detail_of(const struct form_ask *ask, struct arena *arena)
{
	if (!ask->columns && !ask->filter && !ask->title && !ask->each && !ask->red)
		return "";
	return arena_printf(arena, "%s%s\n%s\n%s\n%s", ask->each ? "each" : "", ask->red ? " red" : "",
			    ask->columns ? ask->columns : "", ask->filter ? ask->filter : "",
			    ask->title ? ask->title : "");
}

static int remember(struct db_tx *tx, struct job *job)
{
	struct print last, *p = &job->print;
	int r = store_print_latest(tx, p, job->arena, &last);
	if (r < 0)
		return r;
	if (r > 0 && memcmp(last.hash, p->hash, PRINT_HASH_LEN) == 0) {
		*p = last;
		return 0;
	}
	p->version = r > 0 ? last.version + 1 : 1;
	return store_print_insert(tx, p);
}

static int issue_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	int r = app_enter(tx, job->caller, ACTION_REPORT_READ, job->ask->node, job->arena, &access, NULL,
			  info);
	if (r < 0)
		return r;
	job->print.who = access.label;
	if (!job->ask->blank && !job->doc.unmarked && (r = remember(tx, job)) < 0)
		return r;
	const char *what = arena_printf(job->arena, "%s %s", job->doc.form, job->doc.title);
	const char *how = job->print.id ? arena_printf(job->arena, "%s，第 %d 版，%s", job->how,
						       job->print.version, job->print.code) :
					  arena_printf(job->arena, "%s%s", job->how,
						       job->ask->blank ? "，空表" : "");
	if (!what || !how)
		return err_nomem(info);
	return app_audit(tx, &access, "form.print", job->ask->node, what, "", how);
}

int forms_issue(struct app *app, const struct caller *caller, const struct form_ask *ask,
		const char *how, struct arena *arena, struct doc *ret_doc, struct print *ret_print,
		struct err_info *info)
{
	/* A bulletin is of a month up to now: said here, so that it can be repeated. */
	struct form_ask whole = *ask;
	if (strcmp(ask->form, "f13") == 0 && !ask->filter && !ask->blank) {
		whole.filter = arena_printf(arena, "from=%d&to=%d", caller->today / 100 * 100 + 1, caller->today);
		if (!whole.filter)
			return err_nomem(info);
		ask = &whole;
	}
	struct job job = {.app = app, .caller = caller, .ask = ask, .arena = arena, .how = how};
	int r = forms_make(app, caller, ask, arena, &job.doc, info);
	if (r < 0)
		return r;
	struct print p = {.node = ask->node, .campaign = ask->campaign, .form = ask->form,
			  .detail = detail_of(ask, arena), .at_ms = caller->now_ms,
			  .account = caller->account};
	r = p.detail ? hash_doc(app, &job.doc, &p, p.hash, info) : err_nomem(info);
	if (r == 0 && !(p.code = make_code(p.hash, arena)))
		r = err_nomem(info);
	job.print = p;
	if (r == 0)
		r = db_write(app->db, id_region(ask->node), issue_fn, &job, info);
	if (r == 0 && job.print.id) {
		job.doc.imprint = arena_printf(&job.doc.arena, "第 %d 版　校验码 %s", job.print.version,
					       job.print.code);
		if (!job.doc.imprint)
			r = err_nomem(info);
	}
	if (r < 0) {
		doc_done(&job.doc);
		return r;
	}
	*ret_doc = job.doc;
	*ret_print = job.print;
	return 0;
}

/* ---- checking a paper ---- */

/* As it is kept: no blanks, one hyphen, capitals, letters that are mistaken. */
static bool clean_code(const char *text, char ret_code[CODE_LEN + 2])
{
	int n = 0;
	for (; *text; text++) {
		char c = *text;
		if (c == ' ' || c == '-')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c == 'O')
			c = '0';
		if (c == 'I' || c == 'L')
			c = '1';
		if (n == CODE_LEN || !strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ", c))
			return false;
		ret_code[n + (n >= CODE_LEN / 2)] = c;
		n++;
	}
	ret_code[CODE_LEN / 2] = '-';
	ret_code[CODE_LEN + 1] = '\0';
	return n == CODE_LEN;
}

static int check_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	struct print last;
	struct form_check *c = &job->check;
	*c = (struct form_check){0};
	int r = store_print_by_code(tx, job->code, job->arena, &c->print);
	if (r < 0)
		return r;
	/* Who may not see the node learns no more than who mistyped. */
	if (r == 0 || app_enter(tx, job->caller, ACTION_REPORT_READ, c->print.node, job->arena, &access,
				NULL, NULL) < 0)
		return err_set(info, ERR_NOT_FOUND, "没有这个校验码的打印记录，请对照纸面再输一次");
	c->kind = form_find(c->print.form);
	if ((r = store_print_latest(tx, &c->print, job->arena, &last)) < 0)
		return r;
	c->latest = r > 0 && last.id == c->print.id;
	return 0;
}

/* Fills the form again as on the day it was printed, so that what is late is as
 * late as then, and as for the one who printed it, who may have seen more or less;
 * compares. What was asked for stands in `detail`. */
static int compare(struct job *job, struct err_info *info)
{
	struct form_check *c = &job->check;
	struct caller then = *job->caller;
	struct form_ask ask = {.form = c->print.form, .node = c->print.node,
			       .campaign = c->print.campaign};
	unsigned char hash[PRINT_HASH_LEN];
	struct err_info why = {0};
	struct doc doc;
	char *detail = arena_strdup(job->arena, c->print.detail);
	if (!detail)
		return err_nomem(info);
	if (*detail) {
		const char *part[4] = {detail};
		for (int i = 1; i < 4; i++) {
			char *end = strchr(part[i - 1], '\n');
			if (!end)
				return err_set(info, ERR_IO, "打印记录已损坏");
			*end = '\0';
			part[i] = end + 1;
		}
		ask.each = strstr(part[0], "each") != NULL;
		ask.red = strstr(part[0], "red") != NULL;
		ask.columns = fill_some(part[1]);
		ask.filter = fill_some(part[2]);
		ask.title = fill_some(part[3]);
	}
	then.today = day_from_number((int32_t)((c->print.at_ms / 1000 + CHINA_S) / DAY_S));
	then.account = c->print.account;
	int r = forms_make(job->app, &then, &ask, job->arena, &doc, &why);
	/* He is gone, or has got other work. */
	if (r == ERR_DENIED) {
		then.account = job->caller->account;
		r = forms_make(job->app, &then, &ask, job->arena, &doc, &why);
	}
	if (r == ERR_NOMEM || r == ERR_IO)
		return err_set(info, r, "%s", why.text);
	if (r < 0) {
		c->why_unknown = arena_strdup(job->arena, why.text);
		return 0;
	}
	r = hash_doc(job->app, &doc, &c->print, hash, info);
	doc_done(&doc);
	c->moved = r == 0 && memcmp(hash, c->print.hash, PRINT_HASH_LEN) != 0;
	return r;
}

int forms_check(struct app *app, const struct caller *caller, const char *code, struct arena *arena,
		struct form_check *ret_check, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .arena = arena};
	char clean[CODE_LEN + 2];
	if (!clean_code(code, clean))
		return err_set(info, ERR_NOT_FOUND, "校验码是 10 位字母和数字，印在纸的下端");
	job.code = clean;
	int r = db_read(app->db, check_fn, &job, info);
	if (r == 0)
		r = compare(&job, info);
	if (r == 0)
		*ret_check = job.check;
	return r;
}

static int sealed_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	int r = app_enter(tx, job->caller, ACTION_REPORT_READ, job->print.node, job->arena, &access, NULL, info);
	job->n = r < 0 ? r : store_print_sealed(tx, &job->print, job->arena, &job->check.print);
	return job->n < 0 ? job->n : 0;
}

int forms_sealed(struct app *app, const struct caller *caller, const struct print *print,
		 struct arena *arena, struct form_check *ret_check, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .arena = arena, .print = *print};
	int r = db_read(app->db, sealed_fn, &job, info);
	if (r < 0 || !job.n || job.check.print.id == print->id)
		return r;
	r = compare(&job, info);
	*ret_check = job.check;
	return r < 0 ? r : job.check.moved;
}

/* ---- lists ---- */

static int prints_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	int r = app_enter(tx, job->caller, ACTION_REPORT_READ, job->node, job->arena, &access, NULL, info);
	return r < 0 ? r : store_print_list(tx, job->node, job->offset, job->limit, job->arena,
					    &job->prints, &job->n, &job->total);
}

int forms_prints(struct app *app, const struct caller *caller, int64_t node, int64_t offset,
		 int64_t limit, struct arena *arena, struct print **ret_prints, int *ret_n,
		 int64_t *ret_total, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .arena = arena, .node = node, .offset = offset,
			  .limit = limit};
	int r = db_read(app->db, prints_fn, &job, info);
	if (r < 0)
		return r;
	*ret_prints = job.prints;
	*ret_n = job.n;
	*ret_total = job.total;
	return 0;
}

/* Campaigns above and at the node: those whose tree it is in. */
static int keep_reaching(struct db_tx *tx, struct job *job, const char *path)
{
	struct form_place *p = &job->place;
	int n, r = store_campaign_list(tx, path, false, job->arena, &p->campaigns, &n);
	if (r == 0)
		p->n_campaigns = campaigns_around(p->campaigns, n, path, job->caller->today / 10000);
	return r;
}

static int place_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	char path[ORG_PATH_MAX];
	struct form_place *p = &job->place;
	*p = (struct form_place){0};
	int r = app_enter(tx, job->caller, ACTION_REPORT_READ, job->node, job->arena, &access, path, info);
	if (r == 0)
		r = store_org_get(tx, job->node, job->arena, &p->org);
	if (r > 0)
		r = store_org_breadcrumb(tx, path, job->arena, &p->crumbs, &p->n_crumbs);
	if (r == 0)
		app_cut_crumbs(&access, &p->crumbs, &p->n_crumbs);
	if (r == 0)
		r = keep_reaching(tx, job, path);
	return r < 0 ? r : store_form_views(tx, job->node, job->arena, &p->views, &p->n_views);
}

int forms_place(struct app *app, const struct caller *caller, int64_t node, struct arena *arena,
		struct form_place *ret_place, struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .arena = arena, .node = node};
	int r = db_read(app->db, place_fn, &job, info);
	if (r == 0)
		*ret_place = job.place;
	return r;
}

/* ---- saved views ---- */

static int save_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	AUTO(arena) struct arena arena = {0};
	int r = app_enter(tx, job->caller, ACTION_REPORT_READ, job->view->node, &arena, &access, NULL, info);
	if (r == 0)
		r = store_form_view_put(tx, job->view);
	if (r == ERR_LIMIT)
		return err_set(info, r, "一个单位最多保存 %d 个统计，请先删掉不用的", FORM_VIEWS_MAX);
	return r < 0 ? r : app_audit(tx, &access, "form.view", job->view->node, job->view->name, "",
				     job->view->columns);
}

int forms_view_save(struct app *app, const struct caller *caller, const struct form_view *view,
		    struct err_info *info)
{
	struct form_view own = *view;
	struct job job = {.app = app, .caller = caller, .view = &own};
	if (!*view->name || strlen(view->name) > 90)
		return err_set(info, ERR_INPUT, "请给统计起个名字，30 个字以内");
	if (strlen(view->columns) > FORM_DETAIL_MAX || strlen(view->filter) > FORM_DETAIL_MAX)
		return err_set(info, ERR_LIMIT, "选的列太多");
	own.account = caller->account;
	own.at_ms = caller->now_ms;
	return db_write(app->db, id_region(view->node), save_fn, &job, info);
}

static int drop_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct job *job = arg;
	struct access access;
	AUTO(arena) struct arena arena = {0};
	int r = app_enter(tx, job->caller, ACTION_REPORT_READ, job->node, &arena, &access, NULL, info);
	if (r == 0)
		r = store_form_view_delete(tx, job->node, job->name);
	if (r == ERR_NOT_FOUND)
		return err_set(info, r, "没有这个统计");
	return r < 0 ? r : app_audit(tx, &access, "form.view", job->node, job->name, "有", "已删除");
}

int forms_view_drop(struct app *app, const struct caller *caller, int64_t node, const char *name,
		    struct err_info *info)
{
	struct job job = {.app = app, .caller = caller, .node = node, .name = name};
	return db_write(app->db, id_region(node), drop_fn, &job, info);
}
