/* SPDX-License-Identifier: Apache-2.0 */
#include "app/live.h"

#include <sodium.h>
#include <stdio.h>

#include "base/buf.h"
#include "domain/exact.h"
#include "store/hold.h"
#include "store/id.h"
#include "store/score.h"

enum { FIGURE_MAX_E4 = 100 * 10000 };

/* No I, O, 0, 1: they look alike on a projector. */
static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

struct work {
	struct app *app;
	const struct caller *caller;
	int64_t campaign, node, id;
	struct arena arena;		/* of writes; emptied when run again */
	struct arena *out;		/* of reads */
	const struct live_draft *draft;
	struct live_list list;
	struct live_view view;
	int64_t present;
	const char *reason, *code;
	struct str device;
	const char *figures;
	const char **sent;
};

/* ---- what can be scored ---- */

/* The source that is scored live, or -1 with the reason. */
static int live_source(const struct scheme *scheme, const char **ret_why)
{
	for (int i = 0; i < scheme->n_sources; i++) {
		if (scheme->sources[i].who != RATED_BY_LIVE)
			continue;
		if (scheme->sources[i].by == BY_POINTS)
			return i;
		*ret_why = "方案里的现场测评是按指标打分的；现场评分只打一个总分，请在评分表里录入";
		return -1;
	}
	*ret_why = "这个方案没有现场测评这一项，不用现场评分";
	return -1;
}

static int has_figures(struct db_tx *tx, int64_t campaign, int64_t org, int source,
		       struct arena *arena)
{
	struct score_sheet *sheets;
	int n, r = store_score_list(tx, campaign, org, source, arena, &sheets, &n);
	return r < 0 ? r : n > 0;
}

/* Graded, not locked, and not scored yet. */
static int may_score(struct db_tx *tx, int64_t campaign, const struct campaign_org *org, int source,
		     struct arena *arena)
{
	struct hold hold;
	int r = store_hold_get(tx, campaign, org->id, arena, &hold);
	if (r < 0 || hold_locks(hold.state))
		return r < 0 ? r : 0;
	r = has_figures(tx, campaign, org->id, source, arena);
	return r < 0 ? r : !r;
}

static int choosable(struct db_tx *tx, const struct campaign_call *call, int source,
		     struct arena *arena, struct campaign_org **ret_orgs, int *ret_n)
{
	struct campaign_org *orgs;
	int n, kept = 0;
	int r = store_campaign_orgs(tx, call->campaign.id, call->path, true, arena, &orgs, &n);
	if (r == 0)
		r = store_holds_know(tx, call->campaign.id, orgs, n < LIVE_ORGS_MAX ? n : LIVE_ORGS_MAX);
	for (int i = 0; r == 0 && i < n && kept < LIVE_ORGS_MAX; i++) {
		int may = may_score(tx, call->campaign.id, &orgs[i], source, arena);
		if (may < 0)
			return may;
		if (may)
			orgs[kept++] = orgs[i];
	}
	*ret_orgs = orgs;
	*ret_n = kept;
	return r;
}

static int list_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct work *w = arg;
	struct live_list *list = &w->list;
	struct campaign_call call;
	struct live_session *all = NULL;
	int n, r = campaign_enter(tx, w->app, w->caller, ACTION_LIVE_WRITE, w->campaign, w->node, w->out,
				  &call, info);
	if (r < 0)
		return r;
	*list = (struct live_list){.campaign = call.campaign, .node = call.org, .source_label = ""};
	int source = live_source(call.scheme, &list->why_not);
	if (call.campaign.state != CAMPAIGN_OPEN)
		list->why_not = "这项工作已经结束";
	if (source >= 0) {
		list->source_label = call.scheme->sources[source].label;
		r = choosable(tx, &call, source, w->out, &list->orgs, &list->n_orgs);
	}
	if (r == 0 && !list->why_not && !list->n_orgs)
		list->why_not = "能评的都评过了，或者结果已经锁定";
	if (r == 0)
		r = store_live_list(tx, w->campaign, w->out, &all, &n);
	for (int i = 0; r == 0 && i < n; i++)
		if (all[i].node == w->node)
			all[list->n++] = all[i];
	list->sessions = all;
	return r;
}

int live_list(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
	      struct arena *arena, struct live_list *ret_list, struct err_info *info)
{
	struct work w = {.app = app, .caller = caller, .campaign = campaign, .node = node, .out = arena};
	int r = db_read(app->db, list_fn, &w, info);
	if (r == 0)
		*ret_list = w.list;
	return r;
}

/* ---- opening ---- */

static void draw_code(char code[LIVE_CODE_LEN + 1])
{
	for (int i = 0; i < LIVE_CODE_LEN; i++)
		code[i] = alphabet[randombytes_uniform(sizeof(alphabet) - 1)];
	code[LIVE_CODE_LEN] = '\0';
}

/* The wished-for organisations among those that can be chosen. */
static int pick(const struct live_draft *draft, const struct campaign_org *orgs, int n,
		int64_t ids[LIVE_ORGS_MAX], struct err_info *info)
{
	int kept = 0;
	for (int i = 0; i < (draft->n ? draft->n : n); i++) {
		int64_t id = draft->n ? draft->orgs[i] : orgs[i].id;
		bool found = false;
		for (int j = 0; j < n; j++)
			found = found || orgs[j].id == id;
		for (int j = 0; j < kept; j++)
			found = found && ids[j] != id;
		if (!found || kept == LIVE_ORGS_MAX)
			return err_set(info, ERR_INPUT, "选的组织里有不能评的、评过的或者重复的；一次最多 %d 个",
				       LIVE_ORGS_MAX);
		ids[kept++] = id;
	}
	return kept ? kept : err_set(info, ERR_INPUT, "请选要评分的组织");
}

static int open_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct work *w = arg;
	struct campaign_call call;
	struct campaign_org *orgs;
	char code[LIVE_CODE_LEN + 1];
	int64_t ids[LIVE_ORGS_MAX];
	const char *why = NULL;
	int n;

	arena_done(&w->arena);
	int r = campaign_enter(tx, w->app, w->caller, ACTION_LIVE_WRITE, w->campaign, w->node, &w->arena,
			       &call, info);
	if (r == 0)
		r = campaign_gate(&call, GATE_SCORE, info);
	if (r < 0)
		return r;
	int source = live_source(call.scheme, &why);
	if (source < 0)
		return err_set(info, ERR_STATE, "%s", why);
	if ((r = choosable(tx, &call, source, &w->arena, &orgs, &n)) < 0 ||
	    (n = pick(w->draft, orgs, n, ids, info)) < 0)
		return r < 0 ? r : n;
	draw_code(code);
	struct live_session session = {
		.campaign = w->campaign, .node = w->node, .source = source, .title = w->draft->title,
		.code = code, .state = LIVE_OPEN, .present = w->draft->present,
		.opened_ms = w->caller->now_ms, .account = w->caller->account,
	};
	r = store_live_insert(tx, &session, ids, n);
	if (r == 0)
		r = app_audit(tx, &call.access, "live.open", w->node, w->draft->title, "",
			      arena_printf(&w->arena, "%d 个组织现场评分", n));
	w->id = session.id;
	return r;
}

int live_open(struct app *app, const struct caller *caller, int64_t campaign, int64_t node,
	      const struct live_draft *draft, int64_t *ret_id, struct err_info *info)
{
	struct work w = {.app = app, .caller = caller, .campaign = campaign, .node = node,
			 .draft = draft};
	if (!*draft->title || strlen(draft->title) > 300)
		return err_set(info, ERR_INPUT, "请写会议名称（100 字以内）");
	if (draft->present < 0 || draft->present > LIVE_PAPERS_MAX)
		return err_set(info, ERR_INPUT, "到场人数应在 0 到 %d 之间", LIVE_PAPERS_MAX);
	int r = db_write(app->db, id_region(node), open_fn, &w, info);
	arena_done(&w.arena);
	if (r == 0)
		*ret_id = w.id;
	return r;
}

/* ---- showing ---- */

static int enter_session(struct db_tx *tx, struct work *w, struct arena *arena,
			 struct live_session *ret_session, struct campaign_call *ret_call,
			 struct err_info *info)
{
	int r = store_live_get(tx, w->id, arena, ret_session);
	if (r <= 0)
		return r < 0 ? r : err_set(info, ERR_NOT_FOUND, "没有这次现场评分");
	return campaign_enter(tx, w->app, w->caller, ACTION_LIVE_WRITE, ret_session->campaign,
			      ret_session->node, arena, ret_call, info);
}

static int load_view(struct db_tx *tx, const struct live_session *session, const char *title,
		     const char *source, const char *node, struct arena *arena,
		     struct live_view *view)
{
	*view = (struct live_view){.session = *session, .campaign_title = title,
				   .source_label = source, .node_name = node};
	int r = store_live_orgs(tx, session, arena, &view->orgs, &view->n_orgs);
	view->received = session->papers;
	if (r == 0 && session->state == LIVE_OPEN)
		r = store_live_paper_count(tx, session->id, &view->received);
	return r;
}

/* Sum over all papers ÷ papers, to two places, half up. */
static int load_means(struct db_tx *tx, const struct live_session *session, struct arena *arena,
		      struct live_view *view)
{
	view->results = arena_zalloc(arena, (size_t)view->n_orgs + 1, sizeof(*view->results));
	if (!view->results)
		return db_doom_nomem(tx);
	for (int i = 0; i < view->n_orgs; i++) {
		struct score_sheet *sheets;
		int64_t sum_e4 = 0;
		int n, r = store_score_list(tx, session->campaign, view->orgs[i].org, session->source,
					    arena, &sheets, &n);
		if (r < 0)
			return r;
		for (int s = 0; s < n; s++) {
			int64_t e4 = 0;
			if (decimal_parse_e4(str_from(score_cell(&sheets[s], 0)), &e4))
				sum_e4 += e4;
		}
		int64_t mean_e2 = n ? (2 * sum_e4 + 100 * (int64_t)n) / (200 * (int64_t)n) : 0;
		view->results[i] = (struct live_result){
			.org = view->orgs[i].org, .name = view->orgs[i].name,
			.mean = n ? arena_printf(arena, "%lld.%02lld", (long long)(mean_e2 / 100),
						 (long long)(mean_e2 % 100)) : "",
		};
		if (!view->results[i].mean)
			return db_doom_nomem(tx);
	}
	return 0;
}

static int show_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct work *w = arg;
	struct live_session session;
	struct campaign_call call;
	int r = enter_session(tx, w, w->out, &session, &call, info);
	if (r == 0)
		r = load_view(tx, &session, call.campaign.title,
			      call.scheme->sources[session.source].label, call.org.name, w->out, &w->view);
	if (r == 0 && session.state == LIVE_CLOSED)
		r = load_means(tx, &session, w->out, &w->view);
	return r;
}

int live_show(struct app *app, const struct caller *caller, int64_t session, struct arena *arena,
	      struct live_view *ret_view, struct err_info *info)
{
	struct work w = {.app = app, .caller = caller, .id = session, .out = arena};
	int r = db_read(app->db, show_fn, &w, info);
	if (r == 0)
		*ret_view = w.view;
	return r;
}

/* ---- closing ---- */

static void shuffle(const char **papers, int n)
{
	for (int i = n - 1; i > 0; i--) {
		int j = (int)randombytes_uniform((uint32_t)i + 1);
		const char *swap = papers[i];
		papers[i] = papers[j];
		papers[j] = swap;
	}
}

/* One paper becomes a rater with a sheet for each organisation. */
static int count_paper(struct db_tx *tx, struct work *w, const struct live_session *session,
		       const struct live_org *orgs, int n_orgs, const char *paper, int number)
{
	struct rater rater = {
		.source = session->source, .org = session->node,
		.label = arena_printf(&w->arena, "现场第 %d 份", number),
	};
	if (!rater.label)
		return db_doom_nomem(tx);
	int r = store_rater_put(tx, session->campaign, &rater);
	for (int i = 0; r == 0 && i < n_orgs; i++) {
		size_t len = strcspn(paper, "\t");
		struct score_edit edit = {.value = arena_strndup(&w->arena, paper, len)};
		const struct score_key key = {session->campaign, orgs[i].org, session->source, rater.id};
		struct score_sheet sheet;
		int changed;
		if (!edit.value)
			return db_doom_nomem(tx);
		r = store_score_save(tx, &key, &edit, 1, w->caller->account, w->caller->now_ms,
				     &w->arena, &sheet, &changed);
		paper += len + (paper[len] == '\t');
	}
	return r;
}

static int check_free(struct db_tx *tx, struct work *w, const struct live_session *session,
		      const struct live_org *orgs, int n, struct err_info *info)
{
	for (int i = 0; i < n; i++) {
		const struct campaign_org org = {.id = orgs[i].org};
		int may = may_score(tx, session->campaign, &org, session->source, &w->arena);
		if (may < 0)
			return may;
		if (!may)
			return err_set(info, ERR_STATE, "“%s”已经有现场评分，或者结果已经锁定，这次不能计入；"
				       "请作废这次评分", orgs[i].name);
	}
	return 0;
}

static int close_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct work *w = arg;
	struct live_session session;
	struct campaign_call call;
	struct live_org *orgs;
	const char **papers;
	int n_orgs, n;

	arena_done(&w->arena);
	int r = enter_session(tx, w, &w->arena, &session, &call, info);
	if (r == 0)
		r = campaign_gate(&call, GATE_SCORE, info);
	if (r < 0)
		return r;
	if (session.state != LIVE_OPEN)
		return err_set(info, ERR_STATE, "这次现场评分已经结束");
	if ((r = store_live_orgs(tx, &session, &w->arena, &orgs, &n_orgs)) < 0 ||
	    (r = store_live_papers(tx, session.id, &w->arena, &papers, &n)) < 0)
		return r;
	if (!n)
		return err_set(info, ERR_STATE, "还没有收到一份评分；不评了就作废这次评分");
	if (n > w->present)
		return err_set(info, ERR_STATE, "收到 %d 份，比到场的 %lld 人多，有人不止交了一份；"
			       "请作废这次评分，重新评", n, (long long)w->present);
	if ((r = check_free(tx, w, &session, orgs, n_orgs, info)) < 0)
		return r;
	shuffle(papers, n);
	for (int i = 0; r == 0 && i < n; i++)
		r = count_paper(tx, w, &session, orgs, n_orgs, papers[i], i + 1);
	session.state = LIVE_CLOSED;
	session.present = w->present;
	session.papers = n;
	session.closed_ms = w->caller->now_ms;
	if (r == 0)
		r = store_live_papers_delete(tx, session.id);
	if (r == 0)
		r = store_live_update(tx, &session);
	return r ? r : app_audit(tx, &call.access, "live.close", session.node, session.title, "",
				 arena_printf(&w->arena, "到场 %lld 人，收到 %d 份，计入",
					      (long long)w->present, n));
}

int live_close(struct app *app, const struct caller *caller, int64_t session, int64_t present,
	       struct err_info *info)
{
	struct work w = {.app = app, .caller = caller, .id = session, .present = present};
	int r = db_write(app->db, id_region(session), close_fn, &w, info);
	arena_done(&w.arena);
	return r;
}

static int void_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct work *w = arg;
	struct live_session session;
	struct campaign_call call;

	arena_done(&w->arena);
	int r = enter_session(tx, w, &w->arena, &session, &call, info);
	if (r < 0)
		return r;
	if (session.state != LIVE_OPEN)
		return err_set(info, ERR_STATE, "这次现场评分已经结束");
	session.state = LIVE_VOID;
	session.closed_ms = w->caller->now_ms;
	r = store_live_papers_delete(tx, session.id);
	if (r == 0)
		r = store_live_update(tx, &session);
	return r ? r : app_audit(tx, &call.access, "live.void", session.node, session.title, "", w->reason);
}

int live_void(struct app *app, const struct caller *caller, int64_t session, const char *reason,
	      struct err_info *info)
{
	struct work w = {.app = app, .caller = caller, .id = session, .reason = reason};
	if (!*reason || strlen(reason) > 1500)
		return err_set(info, ERR_INPUT, "请写明为什么作废（500 字以内）");
	int r = db_write(app->db, id_region(session), void_fn, &w, info);
	arena_done(&w.arena);
	return r;
}

/* ---- those present ---- */

int live_code_read(struct str typed, char ret_code[LIVE_CODE_LEN + 1], struct err_info *info)
{
	char code[LIVE_CODE_LEN + 1] = {0};
	int n = 0;

	for (size_t i = 0; i < typed.len; i++) {
		char c = typed.data[i];
		if (c == ' ' || c == '-')
			continue;
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (n == LIVE_CODE_LEN || !strchr(alphabet, c) || !c)
			return err_set(info, ERR_INPUT, "代码是 %d 个字母和数字，里面没有 I、O、0、1，请再看一遍大屏幕",
				       LIVE_CODE_LEN);
		code[n++] = c;
	}
	if (n != LIVE_CODE_LEN)
		return err_set(info, ERR_INPUT, "代码是 %d 个字母和数字，您输入了 %d 个", LIVE_CODE_LEN, n);
	memcpy(ret_code, code, sizeof(code));
	return 0;
}

static void device_hash(int64_t session, struct str device, unsigned char out[LIVE_DEVICE_LEN])
{
	char key[64] = {0};
	int len = snprintf(key, sizeof(key), "jinwei live %lld", (long long)session);
	crypto_generichash(out, LIVE_DEVICE_LEN, (const unsigned char *)device.data, device.len,
			   (const unsigned char *)key, (size_t)len);
}

static int find_open(struct db_tx *tx, const char *code, struct arena *arena,
		     struct live_session *ret_session, struct err_info *info)
{
	int r = store_live_by_code(tx, code, arena, ret_session);
	return r < 0 ? r : r ? 0 : err_set(info, ERR_NOT_FOUND, "没有代码为 %s 的现场评分，请再看一遍大屏幕", code);
}

static int paper_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct work *w = arg;
	struct live_session session;
	struct campaign campaign;
	unsigned char device[LIVE_DEVICE_LEN];
	const char *figures = NULL;

	int r = find_open(tx, w->code, w->out, &session, info);
	if (r == 0)
		r = store_campaign_get(tx, session.campaign, w->out, &campaign);
	if (r <= 0)
		return r < 0 ? r : ERR_NOT_FOUND;
	r = load_view(tx, &session, campaign.title, "", campaign.node_name, w->out, &w->view);
	w->sent = NULL;
	if (r < 0 || session.state != LIVE_OPEN)
		return r;
	device_hash(session.id, w->device, device);
	if ((r = store_live_paper_get(tx, session.id, device, w->out, &figures)) <= 0)
		return r;
	w->sent = arena_zalloc(w->out, (size_t)w->view.n_orgs + 1, sizeof(*w->sent));
	if (!w->sent)
		return db_doom_nomem(tx);
	for (int i = 0; i < w->view.n_orgs; i++) {
		size_t len = strcspn(figures, "\t");
		w->sent[i] = arena_strndup(w->out, figures, len);
		figures += len + (figures[len] == '\t');
	}
	return 0;
}

int live_paper(struct app *app, const char *code, struct str device, struct arena *arena,
	       struct live_view *ret_view, const char ***ret_figures, struct err_info *info)
{
	struct work w = {.app = app, .code = code, .device = device, .out = arena};
	int r = db_read(app->db, paper_fn, &w, info);
	if (r == 0) {
		*ret_view = w.view;
		*ret_figures = w.sent;
	}
	return r;
}

static int send_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct work *w = arg;
	struct live_session session;
	unsigned char device[LIVE_DEVICE_LEN];

	arena_done(&w->arena);
	int r = find_open(tx, w->code, &w->arena, &session, info);
	if (r < 0)
		return r;
	if (session.state != LIVE_OPEN)
		return err_set(info, ERR_STATE, "评分已经结束，不再收了");
	device_hash(session.id, w->device, device);
	r = store_live_paper_put(tx, session.id, device, w->figures);
	return r == ERR_LIMIT ? err_set(info, r, "收到的份数已经到 %d 份，请告诉工作人员", LIVE_PAPERS_MAX) : r;
}

int live_send(struct app *app, const char *code, struct str device, const struct str *figures,
	      int n, int *ret_wrong, struct err_info *info)
{
	struct work w = {.app = app, .code = code, .device = device};
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf text = {0};
	struct live_view view = {0};
	const char **sent;

	*ret_wrong = -1;
	int r = live_paper(app, code, device, &arena, &view, &sent, info);
	if (r < 0)
		return r;
	if (view.session.state != LIVE_OPEN)
		return err_set(info, ERR_STATE, "评分已经结束，不再收了");
	if (n != view.n_orgs)
		return err_set(info, ERR_INPUT, "每一个都要打分，一共 %d 个", view.n_orgs);
	for (int i = 0; i < n; i++) {
		int64_t e4;
		char folded[32];
		struct str figure = str_trim(figures[i]);
		/* Full-width digits count, too. */
		if (figure.len < sizeof(folded))
			figure = (struct str){folded, str_fold_width(figure, folded)};
		if (!decimal_parse_e4(figure, &e4) || e4 < 0 || e4 > FIGURE_MAX_E4) {
			*ret_wrong = i;
			return err_set(info, ERR_INPUT, "“%s”的分数应是 0 到 100 的数", view.orgs[i].name);
		}
		if (i)
			buf_addc(&text, '\t');
		decimal_format_e4(&text, e4);
	}
	if (text.failed)
		return err_nomem(info);
	w.figures = buf_str(&text);
	r = db_write(app->db, id_region(view.session.id), send_fn, &w, info);
	arena_done(&w.arena);
	return r;
}
