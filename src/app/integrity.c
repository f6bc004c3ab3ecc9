/* SPDX-License-Identifier: Apache-2.0 */
#include "app/integrity.h"

#include <sodium.h>
#include <stdlib.h>

#include "app/deciding.h"
#include "app/ledger_in.h"
#include "domain/candidate.h"
#include "domain/day_math.h"
#include "domain/exact.h"
#include "store/hold.h"
#include "store/meeting.h"
#include "store/score.h"
#include "store/self_report.h"
#include "store/survey.h"

enum { CELLS_LEAST = 3 };

struct look {
	struct app *app;
	const struct caller *caller;
	int64_t campaign_id, node;
	struct arena *arena;
	const struct ledger_candidates *candidates;
	struct campaign_call call;
	struct campaign_org *orgs;	/* all, by path */
	struct campaign_org **by_id;
	struct integrity_org *in;	/* [n_orgs] */
	int n_orgs;
	int committee, self, ballots;	/* sources; -1 */
	bool last;			/* reading last year's sheets */
	struct integrity_limits limits;
	bool failed;
	struct integrity_report *out;
};

static int by_id(const void *a, const void *b)
{
	int64_t x = (*(struct campaign_org *const *)a)->id, y = (*(struct campaign_org *const *)b)->id;
	return x < y ? -1 : x > y;
}

static struct integrity_org *find(const struct look *l, int64_t id)
{
	struct campaign_org key = {.id = id}, *at = &key;
	struct campaign_org **found = bsearch(&at, l->by_id, (size_t)l->n_orgs, sizeof(*l->by_id), by_id);
	return found ? &l->in[*found - l->orgs] : NULL;
}

/* ---- figures ---- */

/* The committee's cells, tabs between; sheets of one or two figures are equal by
 * chance and never compared. */
static int one_sheet(void *arg, const struct score_sheet *sheet)
{
	struct look *l = arg;
	AUTO(buf) struct buf text = {0};
	struct integrity_org *o = sheet->source == l->committee ? find(l, sheet->org) : NULL;
	int64_t sum = 0, value;
	int filled = 0;
	if (!o || (l->last && *o->last_sheet))
		return 0;
	for (int i = 0; i < sheet->n; i++) {
		buf_addf(&text, "%s%s", i ? "\t" : "", sheet->cells[i]);
		filled += *sheet->cells[i] != '\0';
		if (decimal_parse_e4(str_from(sheet->cells[i]), &value))
			sum += value;
	}
	if (!filled)
		return 0;
	if (filled < CELLS_LEAST)
		buf_addf(&text, "\t%lld-%d", (long long)sheet->org, l->last);
	const char *copy = arena_strdup(l->arena, buf_str(&text));
	if (!copy)
		return ERR_NOMEM;
	if (l->last) {
		o->last_sheet = copy;
	} else {
		o->sheet = copy;
		o->sum_e4 = filled < CELLS_LEAST ? -1 : sum;
	}
	return 0;
}

static int64_t source_score(const char *sources, int source)
{
	int64_t value;
	if (source < 0)
		return -1;
	for (; source > 0 && sources; source--) {
		sources = strchr(sources, '\t');
		sources = sources ? sources + 1 : NULL;
	}
	struct str cell = {sources, sources ? strcspn(sources, "\t") : 0};
	return cell.len && decimal_parse_e4(cell, &value) ? value : -1;
}

/* What is found is written down and read by many: what few people voted is no figure
 * to check (ballots.md, "Small groups"), whoever looks. */
static int forget_few(struct db_tx *tx, struct look *l, int64_t campaign, bool last)
{
	struct decide_withheld few;
	int r = decide_withheld(tx, NULL, campaign, l->call.scheme, l->call.path, l->arena, &few);
	for (int i = 0; r == 0 && i < few.n; i++) {
		struct integrity_org *o = find(l, few.at[i].org);
		if (!o)
			continue;
		o->few = true;
		*(last ? &o->last_ballot_e4 : &o->ballot_e4) = -1;
	}
	return r;
}

/* Last year's grade and ballots: of its campaign if that is still open, else of
 * what was kept when it ended. */
static int read_last(struct db_tx *tx, struct look *l)
{
	struct result_filter filter = RESULT_FILTER(l->call.path);
	struct result *results;
	struct past_result *past;
	int64_t total;
	int n, r = store_past_of_year(tx, l->campaign_id, l->call.path, l->call.campaign.year - 1,
				      l->arena, &past, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		struct integrity_org *o = find(l, past[i].org);
		if (o && past[i].places == l->call.scheme->n_grades)
			o->last_grade = past[i].place;
	}
	if (r < 0 || !l->call.campaign.previous)
		return r;
	r = store_result_list(tx, l->call.campaign.previous, &filter, l->arena, &results, &n, &total);
	for (int i = 0; r == 0 && i < n; i++) {
		struct integrity_org *o = find(l, results[i].org);
		if (!o || strcmp(results[i].status, "graded") != 0)
			continue;
		o->last_grade = results[i].grade;
		o->last_ballot_e4 = source_score(results[i].sources, l->ballots);
	}
	return r < 0 ? r : forget_few(tx, l, l->call.campaign.previous, true);
}

static int read_results(struct db_tx *tx, struct look *l)
{
	struct result_filter filter = RESULT_FILTER(l->call.path);
	struct result *results;
	int64_t total;
	int n, r = store_result_list(tx, l->campaign_id, &filter, l->arena, &results, &n, &total);
	for (int i = 0; r == 0 && i < n; i++) {
		struct integrity_org *o = find(l, results[i].org);
		if (!o || strcmp(results[i].status, "graded") != 0)
			continue;
		o->graded = true;
		o->grade = results[i].grade;
		o->n_grades = l->call.scheme->n_grades;
		o->graded_day = day_of_ms(results[i].graded_ms);
		o->self_e4 = source_score(results[i].sources, l->self);
		o->ballot_e4 = source_score(results[i].sources, l->ballots);
	}
	r = r < 0 ? r : forget_few(tx, l, l->campaign_id, false);
	return r < 0 ? r : read_last(tx, l);
}

/* Handed in or shown, and no meeting of its committee on record. */
static int read_meetings(struct db_tx *tx, struct look *l)
{
	struct hold *holds;
	int64_t *nodes;
	int n, m, r = store_hold_list(tx, l->campaign_id, l->call.path, l->arena, &holds, &n);
	if (r == 0)
		r = store_meeting_nodes(tx, l->campaign_id, MEETING_GRADING, l->arena, &nodes, &m);
	for (int i = 0; r == 0 && i < n; i++) {
		struct integrity_org *o = find(l, holds[i].org);
		if (!o || !o->graded || !hold_locks(holds[i].state))
			continue;
		o->no_meeting = true;
		for (int k = 0; k < m; k++)
			o->no_meeting = o->no_meeting && nodes[k] != o->parent;
	}
	return r;
}

/* The words without what is between them, so that a line end hides no copy. */
static int one_report(void *arg, int64_t org, struct str report)
{
	struct look *l = arg;
	struct integrity_org *o = find(l, org);
	AUTO(buf) struct buf text = {0};
	for (size_t i = 0; o && i < report.len; i++)
		if ((unsigned char)report.data[i] > ' ')
			buf_addc(&text, report.data[i]);
	if (!o || !text.len)
		return 0;
	o->report = arena_strdup(l->arena, buf_str(&text));
	return o->report ? 0 : ERR_NOMEM;
}

static bool asks_everyone(const struct scheme *scheme, enum voters voters, int64_t base)
{
	for (int i = 0; i < scheme->n_turnout; i++)
		if ((scheme->turnout[i].voters >> voters & 1) && base < scheme->turnout[i].everyone_below)
			return true;
	return false;
}

static void add_tally(struct look *l, const struct tally *t)
{
	struct integrity_org *o = find(l, t->org);
	const struct campaign_org *org = o ? &l->orgs[o - l->in] : NULL;
	int64_t valid = 0, most = 0;
	if (!o || t->question)
		return;
	const char *text = arena_printf(l->arena, "%s%s%s ", o->tally, *o->tally ? "；" : "", voters_label(t->voters));
	for (int i = 0; i <= t->n_options && text; i++) {
		text = i < t->n_options ? arena_printf(l->arena, "%s%s%u", text, i ? "/" : "", t->counts[i])
			: t->counts[i] ? arena_printf(l->arena, "%s，废票 %u", text, t->counts[i]) : text;
		o->voted += t->counts[i];
		valid += i < t->n_options ? t->counts[i] : 0;
		most = i < t->n_options && t->counts[i] > most ? t->counts[i] : most;
	}
	l->failed = l->failed || !text;
	o->one_option = (!*o->tally || o->one_option) && valid && most == valid;
	o->counters = (!*o->tally || o->counters) && (*t->counters || t->origin == TALLY_BOX);
	o->tally = text ? text : "";
	int64_t base = org->present[t->voters];
	o->everyone = o->everyone || asks_everyone(l->call.scheme, t->voters, base);
	o->base = base < 0 || o->base < 0 ? -1 : o->base + base;
	l->failed = l->failed || !o->tally;
	if (!o->tally)
		o->tally = "";
}

static int read_tallies(struct db_tx *tx, struct look *l)
{
	struct tally *tallies;
	int n, r = store_tally_list(tx, l->campaign_id, 0, l->call.path, l->arena, &tallies, &n);
	for (int i = 0; r == 0 && i < n; i++)
		add_tally(l, &tallies[i]);
	for (int i = 0, k; r == 0 && i < n; i = k) {
		struct floor_case c = {.class_alone = floor_class_alone(l->call.scheme)};
		struct integrity_org *o = find(l, tallies[i].org);
		for (k = i; k < n && tallies[k].org == tallies[i].org; k++)
			decide_ballots(&tallies[k], 1, &c);
		if (!o || !*o->tally || floor_of(&c) & FLOOR_BY_CLASS)
			continue;
		/* Counted, but like nobody's. */
		o->few = true;
		if (!(o->tally = arena_printf(l->arena, "%lld", (long long)tallies[i].org)))
			return db_doom_nomem(tx);
		o->one_option = false;
	}
	return r;
}

/* ---- the ledger ---- */

static int read_help(struct db_tx *tx, struct look *l, struct integrity_org *o, int64_t case_id)
{
	struct case_helper *helpers;
	struct case_visit *visits;
	int n, m, r;
	if ((r = store_helpers(tx, case_id, l->arena, &helpers, &n)) < 0 ||
	    (r = store_visits(tx, case_id, l->arena, &visits, &m)) < 0)
		return r;
	for (int i = 0; i < n; i++) {
		bool seen = false;
		if (helpers[i].to_day || day_plus(helpers[i].from_day, l->limits.unvisited_days) > l->caller->today)
			continue;
		for (int k = 0; k < m; k++)
			seen = seen || visits[k].helper == helpers[i].seq ||
			       strcmp(visits[k].name, helpers[i].name) == 0;
		o->n_helpers++;
		if (seen)
			continue;
		o->n_unvisited++;
		const char *names = arena_printf(l->arena, "%s%s%s", o->unvisited, *o->unvisited ? "、" : "", helpers[i].name);
		l->failed = l->failed || !names;
		o->unvisited = names ? names : "";
	}
	return 0;
}

static int read_problems(struct db_tx *tx, struct look *l, struct integrity_org *o,
			 const struct ledger_case *c)
{
	struct case_problem *p;
	int n, r = store_problems(tx, c->id, c->round, l->arena, &p, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		int same = 0;
		for (int k = 0; k < n; k++)
			same += p[i].done_day && p[k].done_day == p[i].done_day;
		o->n_closed_one_day = same > o->n_closed_one_day ? same : o->n_closed_one_day;
		o->n_closed_on_eve += p[i].done_day && p[i].deadline &&
				      day_between(p[i].done_day, p[i].deadline) <= 1 && p[i].done_day <= p[i].deadline;
		const char *all = arena_printf(l->arena, "%s%s\n", o->measures, p[i].measure);
		l->failed = l->failed || !all;
		o->measures = all ? all : "";
	}
	o->n_problems = r == 0 ? n : 0;
	return r;
}

/* The mark of the report's file, and problems closed without a file that counts. */
static int read_papers(struct db_tx *tx, struct look *l, struct integrity_org *o,
		       const struct ledger_case *c)
{
	struct attachment *files;
	struct case_evidence *seen;
	struct case_problem *problems;
	int n, m, k, r;
	if ((r = store_attachment_list(tx, c->org, -1, -1, l->arena, &files, &n)) < 0 ||
	    (r = store_evidence(tx, c->org, l->arena, &seen, &m)) < 0 ||
	    (r = store_problems(tx, c->id, c->round, l->arena, &problems, &k)) < 0)
		return r;
	for (int i = 0; i < n; i++) {
		bool bad = files[i].withdrawn_ms != 0;
		for (int e = 0; e < m; e++)
			bad = bad || (seen[e].attachment == files[i].id && seen[e].verdict == EVIDENCE_BAD);
		for (int p = 0; p < k && !bad; p++)
			if (files[i].kind == ATTACHED_PROBLEM && files[i].object == problems[p].id)
				problems[p].percent = -1;	/* proved */
		if (files[i].kind != ATTACHED_CASE || files[i].object != c->id || bad ||
		    !strstr(files[i].what, "自查报告") || *o->paper)
			continue;
		char hex[ATTACHMENT_HASH_LEN * 2 + 1];
		sodium_bin2hex(hex, sizeof(hex), files[i].sha256, ATTACHMENT_HASH_LEN);
		const char *copy = arena_strdup(l->arena, hex);
		l->failed = l->failed || !copy;
		o->paper = copy ? copy : "";
	}
	for (int p = 0; p < k; p++)
		o->n_unproved += (problems[p].state == PROBLEM_DONE || problems[p].state == PROBLEM_VERIFIED) &&
				 problems[p].percent >= 0;
	return 0;
}

static int read_cases(struct db_tx *tx, struct look *l)
{
	struct ledger_case *cases;
	const char *path = l->call.path;
	int n, r = store_case_list(tx, path, -1, l->arena, &cases, &n);
	if (r < 0 || (r = store_problems_know(tx, path)) < 0 || (r = store_evidence_know(tx, path)) < 0 ||
	    (r = store_attachments_know(tx, path)) < 0 || (r = store_helpers_know(tx, path)) < 0 || (r = store_visits_know(tx, path)) < 0)
		return r;
	for (int i = 0; r == 0 && i < n; i++) {
		const struct ledger_case *c = &cases[i];
		struct integrity_org *o = find(l, c->org);
		if (!o)
			continue;
		o->listed = true;
		o->open = case_is_open(c->state);
		o->dropped = c->state == CASE_DROPPED;
		/* Listed for what an earlier year's grading showed. */
		o->reason = o->open && c->year < l->call.campaign.year;
		o->started_day = c->started_day;
		o->accepted_day = c->accepted_day;
		o->written_off_day = c->written_off_day;
		if ((r = read_problems(tx, l, o, c)) == 0 && (r = read_papers(tx, l, o, c)) == 0)
			r = read_help(tx, l, o, c->id);
	}
	for (int i = 0; r == 0 && i < l->candidates->n; i++) {
		const struct ledger_candidate *c = &l->candidates->at[i];
		struct integrity_org *o = find(l, c->org.id);
		/* A case that is over does not hold what has come up since. */
		if (o && c->left_out)
			o->listed = o->open = false;
		for (int k = 0; o && k < c->n_reasons; k++) {
			const struct case_reason *why = &c->reasons[k];
			bool criterion = why->because == BECAUSE_CRITERIA;
			if (!*o->why || (criterion && !o->criterion)) {
				const char *words = arena_printf(l->arena, "%s%s%s", why->label, *why->seen ? "：" : "", why->seen);
				l->failed = l->failed || !words;
				o->why = words ? words : "";
			}
			o->reason = true;
			o->criterion = o->criterion || criterion;
		}
	}
	return r;
}

/* What the survey says of an organisation's weakness (CT-7), whatever its grade. */
static int read_survey(struct db_tx *tx, struct look *l)
{
	const struct scheme *s = l->call.scheme;
	struct survey_red_row *rows;
	int n, r = store_survey_reds(tx, l->campaign_id, l->call.path, l->arena, &rows, &n);
	for (int i = 0; r == 0 && i < n; i++) {
		struct integrity_org *o = find(l, rows[i].org);
		int at = rows[i].question;
		if (!o || at < 0 || at >= s->n_survey || !s->survey[at].condition || o->criterion)
			continue;
		const char *answer = survey_answer_words(&s->survey[at], rows[i].answer, l->arena);
		const char *words = answer ? arena_printf(l->arena, "调查里“%s”答%s", s->survey[at].label, answer) : NULL;
		l->failed = l->failed || !words;
		o->criterion = true;
		o->why = words ? words : "";
	}
	return r;
}

/* ---- rules and sums of nodes ---- */

/* `category` -1: of all. */
static void count_below(const struct look *l, const char *path, int category, int grade, int64_t *ret_graded,
			int64_t *ret_weak)
{
	size_t len = strlen(path);
	*ret_graded = *ret_weak = 0;
	for (int i = 0; i < l->n_orgs; i++)
		if (l->in[i].graded && strncmp(l->orgs[i].path, path, len) == 0 &&
		    (category < 0 || l->orgs[i].category == category)) {
			++*ret_graded;
			*ret_weak += l->in[i].grade >= grade;
		}
}

/* What the q-th quota of the scheme asks of this committee, of each category where
 * it counts them apart. */
static void add_quotas(struct look *l, const struct campaign_org *org, int q, struct integrity_quota *quotas,
		       int *n)
{
	const struct scheme *s = l->call.scheme;
	const struct scheme_quota *rule = &s->quotas[q];
	int64_t graded, weak;
	if (rule->scope.all ? org->id != l->call.campaign.node : org->level != rule->scope.level)
		return;
	for (int c = rule->scope.by_category ? 0 : -1; c < (rule->scope.by_category ? s->n_categories : 0); c++) {
		count_below(l, org->path, c, rule->grade, &graded, &weak);
		const char *what = arena_printf(l->arena, "%s%s%s", c < 0 ? "" : s->categories[c].label, c < 0 ? "" : "里的",
						s->grades[rule->grade].label);
		l->failed = l->failed || !what;
		quotas[(*n)++] = (struct integrity_quota){org->id, org->name, what ? what : "",
			(int)((graded * rule->at_least_e6 + E6 - 1) / E6), (int)weak};
	}
}

static int read_nodes(struct db_tx *tx, struct look *l, struct integrity_input *input)
{
	const struct scheme *s = l->call.scheme;
	struct integrity_quota *quotas = arena_zalloc(l->arena,
		(size_t)l->n_orgs * (size_t)s->n_quotas * (size_t)(s->n_categories + 1) +
		(size_t)l->candidates->n_floors + 1, sizeof(*quotas));
	struct reported_sum *reported;
	int n_reported, bad = store_reported(tx, l->campaign_id, l->call.path, l->arena, &reported,
					     &n_reported);
	if (bad < 0)
		return bad;
	struct integrity_sum *sums = arena_zalloc(l->arena, (size_t)(l->n_orgs * 2 + n_reported) + 2,
						  sizeof(*sums));
	if (!quotas || !sums)
		return db_doom_nomem(tx);
	struct result_summary *rows;
	int n, r = store_result_summaries_below(tx, l->campaign_id, l->call.path, l->arena, &rows, &n);
	if (r < 0)
		return r;
	for (int i = 0; i < n_reported; i++) {
		const char *what = arena_printf(l->arena, "《%s》%s", reported[i].file, reported[i].what);
		sums[input->n_sums++] = (struct integrity_sum){reported[i].node, reported[i].node_name,
			what ? what : "", reported[i].reported_e4, reported[i].rows_e4, reported[i].own};
	}
	for (int i = 0; i < l->n_orgs; i++) {
		const struct campaign_org *org = &l->orgs[i];
		int64_t graded, weak;
		if (org->category >= 0)
			continue;
		for (int q = 0; q < s->n_quotas; q++)
			add_quotas(l, org, q, quotas, &input->n_quotas);
		for (int k = 0; k < n && s->n_grades; k++) {
			if (rows[k].category >= 0 || rows[k].node != org->id)
				continue;
			count_below(l, org->path, -1, s->n_grades - 1, &graded, &weak);
			sums[input->n_sums++] = (struct integrity_sum){org->id, org->name, "已定级个数",
								       rows[k].graded * E4, graded * E4, false};
			sums[input->n_sums++] = (struct integrity_sum){org->id, org->name, "最低一等个数",
								       rows[k].grades[s->n_grades - 1] * E4, weak * E4, false};
		}
	}
	for (int i = 0; i < l->candidates->n_floors; i++)
		quotas[input->n_quotas++] = (struct integrity_quota){l->candidates->floors[i].node, l->candidates->floors[i].name, "提名",
			l->candidates->floors[i].wanted, l->candidates->floors[i].named};
	input->quotas = quotas;
	input->sums = sums;
	return 0;
}

/* ---- all together ---- */

static int prepare(struct db_tx *tx, struct look *l, struct err_info *info)
{
	int r = campaign_enter(tx, l->app, l->caller, ACTION_CHECK_READ, l->campaign_id, l->node, l->arena,
			       &l->call, info);
	if (r < 0 || (r = store_campaign_orgs(tx, l->campaign_id, l->call.path, false, l->arena, &l->orgs,
					      &l->n_orgs)) < 0)
		return r;
	l->in = arena_zalloc(l->arena, (size_t)l->n_orgs + 1, sizeof(*l->in));
	l->by_id = arena_zalloc(l->arena, (size_t)l->n_orgs + 1, sizeof(*l->by_id));
	if (!l->in || !l->by_id)
		return db_doom_nomem(tx);
	for (int i = 0; i < l->n_orgs; i++)
		l->by_id[i] = &l->orgs[i];
	qsort(l->by_id, (size_t)l->n_orgs, sizeof(*l->by_id), by_id);
	l->committee = l->self = l->ballots = -1;
	for (int i = l->call.scheme->n_sources; i-- > 0;) {
		const struct scheme_source *s = &l->call.scheme->sources[i];
		l->committee = s->who == RATED_BY_COMMITTEE ? i : l->committee;
		l->self = s->who == RATED_BY_SELF ? i : l->self;
		l->ballots = s->by == BY_BALLOTS ? i : l->ballots;
	}
	for (int i = 0; i < l->n_orgs; i++) {
		const struct campaign_org *org = &l->orgs[i];
		struct campaign_org key = {.id = org->parent}, *at = &key;
		struct campaign_org **up = bsearch(&at, l->by_id, (size_t)l->n_orgs, sizeof(*l->by_id), by_id);
		l->in[i] = (struct integrity_org){
			.id = org->id, .parent = org->parent, .name = org->name, .parent_name = up ? (*up)->name : "",
			.grade = -1, .last_grade = -1, .last_sheet = "", .sum_e4 = -1, .self_e4 = -1,
			.ballot_e4 = -1, .last_ballot_e4 = -1, .tally = "", .measures = "", .report = "",
			.paper = "", .why = "", .unvisited = "",
			/* Where no committee scores, nothing is missing. */
			.sheet = l->committee < 0 ? arena_printf(l->arena, "-%lld", (long long)org->id) : "",
		};
		l->failed = l->failed || !l->in[i].sheet;
	}
	return l->failed ? db_doom_nomem(tx) : 0;
}

static const struct finding_mark *mark_of(const struct finding_mark *marks, int n, const char *key)
{
	for (int i = 0; i < n; i++)
		if (strcmp(marks[i].finding, key) == 0)
			return &marks[i];
	return NULL;
}

static bool is_found(const struct integrity_report *report, int n, const char *key)
{
	for (int i = 0; i < n; i++)
		if (strcmp(report->keys[i], key) == 0)
			return true;
	return false;
}

/* A mark is found no more: what it was stands in its key. False: not below the node,
 * or nothing that this floor wrote. */
static bool read_gone(const struct look *l, const char *key, struct integrity_finding *ret)
{
	const char *id = strchr(key, ':'), *figures = id ? strchr(id + 1, ':') : NULL;
	uint64_t number;
	if (!figures || !digits_parse((struct str){id + 1, (size_t)(figures - id - 1)}, INT64_MAX, &number))
		return false;
	const struct integrity_org *org = find(l, (int64_t)number);
	if (!org)
		return false;
	for (int c = 0; c < CHECK_COUNT; c++) {
		enum integrity_check check = (enum integrity_check)c;
		if (!str_eqs((struct str){key, (size_t)(id - key)}, integrity_id(check)))
			continue;
		/* Of ballots that have become few since, nothing is told. */
		bool hidden = org->few && (check == CHECK_INFLATED || check == CHECK_BALLOT_PATTERN ||
					   check == CHECK_PAPER_CONVERSION);
		*ret = (struct integrity_finding){check, org->id, org->name,
						  hidden ? "参评的人少，不显示当时的数据" : figures + 1};
		return true;
	}
	return false;
}

/* What is marked, and what was marked and is found no more. */
static int add_marks(struct db_tx *tx, struct look *l)
{
	struct integrity_report *o = l->out;
	struct finding_mark *marks;
	int n, now = o->n, r = store_finding_marks(tx, l->campaign_id, l->arena, &marks, &n);
	if (r < 0)
		return r;
	size_t all = (size_t)o->n + (size_t)n + 1;
	struct integrity_finding *findings = arena_zalloc(l->arena, all, sizeof(*findings));
	o->keys = arena_zalloc(l->arena, all, sizeof(*o->keys));
	o->marks = arena_zalloc(l->arena, all, sizeof(*o->marks));
	if (!findings || !o->keys || !o->marks)
		return db_doom_nomem(tx);
	for (int i = 0; i < now; i++) {
		const struct integrity_finding *f = &o->findings[i];
		findings[i] = *f;
		o->keys[i] = arena_printf(l->arena, "%s:%lld:%s", integrity_id(f->check), (long long)f->object,
					  f->figures);
		if (!o->keys[i])
			return db_doom_nomem(tx);
		o->marks[i] = mark_of(marks, n, o->keys[i]);
		o->n_open += !o->marks[i];
	}
	for (int k = 0; k < n; k++) {
		if (is_found(o, now, marks[k].finding) || !read_gone(l, marks[k].finding, &findings[o->n]))
			continue;
		o->keys[o->n] = marks[k].finding;
		o->marks[o->n++] = &marks[k];
		o->n_gone++;
	}
	o->findings = findings;
	return 0;
}

static int look_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct look *l = arg;
	struct integrity_input input = {0};
	*l->out = (struct integrity_report){0};
	int r = prepare(tx, l, info);
	if (r == 0)
		r = integrity_read_limits(tx, l->campaign_id, l->arena, &l->limits);
	if (r == 0 && l->committee >= 0)
		r = store_score_each(tx, l->campaign_id, l->call.path, one_sheet, l);
	l->last = true;
	if (r == 0 && l->call.campaign.previous && l->committee >= 0)
		r = store_score_each(tx, l->call.campaign.previous, l->call.path, one_sheet, l);
	if (r == 0)
		r = store_self_each(tx, l->campaign_id, l->call.path, one_report, l);
	if (r < 0 || (r = read_results(tx, l)) < 0 || (r = read_meetings(tx, l)) < 0 ||
	    (r = read_tallies(tx, l)) < 0 || (r = read_cases(tx, l)) < 0 || (r = read_survey(tx, l)) < 0 ||
	    (r = read_nodes(tx, l, &input)) < 0)
		return r;
	if (l->failed)
		return db_doom_nomem(tx);
	input.orgs = l->in;
	input.n_orgs = l->n_orgs;
	r = integrity_find(&input, &l->limits, l->arena, &l->out->findings, &l->out->n);
	if (r < 0)
		return db_doom_nomem(tx);
	l->out->campaign = l->call.campaign;
	l->out->node = l->node;
	l->out->node_name = l->call.org.name;
	l->out->limits = l->limits;
	l->out->may_set = right_check(&l->call.access.holder, ACTION_CAMPAIGN_WRITE, l->call.campaign.path);
	l->out->may_mark = right_check(&l->call.access.holder, ACTION_CHECK_WRITE, l->call.path);
	return add_marks(tx, l);
}

int integrity_run(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
		  struct arena *arena, struct integrity_report *ret_report, struct err_info *info)
{
	struct ledger_candidates candidates;
	struct integrity_report out = {0};
	int r = ledger_candidates(app, caller, campaign, node, arena, &candidates, info);
	if (r < 0)
		return r;
	struct look l = {.app = app, .caller = caller, .campaign_id = campaign, .node = node,
			 .arena = arena, .candidates = &candidates, .out = &out};
	r = db_read(app->db, look_fn, &l, info);
	if (r == 0)
		*ret_report = out;
	return r;
}
