/* SPDX-License-Identifier: Apache-2.0 */
/* The people, places and things of the rights matrix. */
#include "tests/web/cm.h"

#include "tests/web/matrix.h"

#include <stdio.h>
#include <string.h>
#include "app/campaign_desk.h"
#include "app/ballot.h"
#include "app/desk.h"
#include "app/attachments.h"
#include "app/ledger.h"
#include "app/forms.h"
#include "app/templates.h"
#include "app/score_setup.h"
#include "store/account.h"
#include "import/scheme_yaml.h"
#include "store/id.h"
#include "store/publicity.h"
#include "store/self_report.h"
#include "store/live.h"
#include "store/scheme_version.h"
#include "tests/web/rules.h"
#include "web/assets.h"
#include "web/held.h"
#include "web/router.h"
#include "web/session.h"
#include "web/site.h"

/* ---- boxes, one in each state ---- */

enum { VOTE_DRAFT, VOTE_KEYED, VOTE_TESTED, VOTE_OPEN, VOTE_CLOSED, VOTE_STATES };

/* As far as `state`; with two slips, the first active, for one member. */
static int64_t add_box(struct matrix *m, int64_t node, int state, char code[BALLOT_CODE_LEN + 1])
{
	static const char *const words[] = {"好", "差"}, *const questions[] = {"总体"};
	static const struct ballot_counter_in counters[] = {{"甲", "phrase of a"}, {"乙", "phrase of b"}};
	static const struct ballot_cost cheap = {1, 8};
	const struct ballot_pair pair = {0, 1, "phrase of a", "phrase of b"};
	struct app *app = &m->desk->app;
	struct caller who = m->desk->machine;
	AUTO(arena) struct arena arena = {0};
	char (*codes)[BALLOT_CODE_LEN + 1];
	int64_t box = 0, n;
	int made;
	who.now_ms = (int64_t)NOW_S * 1000 - 60000;
	const struct ballot_setup setup = {
		.node = node, .title = "测评", .opens_ms = who.now_ms - 1, .closes_ms = who.now_ms + 7200000,
		.heads = {1, 0}, .orgs = &node, .n_orgs = 1, .questions = questions, .n_questions = 1,
		.options = words, .n_options = 2};
	int r = ballot_create(app, &who, &setup, &box, NULL);
	if (r == 0 && state >= VOTE_KEYED)
		r = ballot_set_counters(app, &who, box, counters, 2, &cheap, NULL);
	if (r == 0 && state >= VOTE_TESTED &&
	    (r = ballot_test(app, &who, box, &pair, (unsigned char[]){0}, NULL)) == 0 &&
	    (r = ballot_print(app, &who, box, VOTERS_MEMBER, 0, &arena, &codes, &made, NULL)) == 0 &&
	    (r = ballot_set_present(app, &who, box, VOTERS_MEMBER, 1, NULL)) == 0) {
		memcpy(code, codes[0], BALLOT_CODE_LEN + 1);
		r = ballot_act_on(app, &who, box, BALLOT_ACTIVATE, VOTERS_MEMBER, str_from(code), &n, NULL);
	}
	if (r == 0 && state >= VOTE_OPEN)
		r = ballot_start(app, &who, box, NULL);
	if (r == 0 && state >= VOTE_CLOSED)
		r = ballot_close(app, &who, box, NULL);
	assert_int_equal(r, 0);
	return box;
}

/* The box in the state that lets a route do what it is for. */
int64_t matrix_box_for(const struct site *site, const char *route)
{
	static const struct {
		const char *part;
		int state;
	} wants[] = {
		{"/keys", VOTE_DRAFT}, {"/test", VOTE_KEYED}, {"/exchange", VOTE_OPEN}, {"/close", VOTE_OPEN},
		{"/kiosk", VOTE_OPEN}, {"/paper", VOTE_CLOSED}, {"/open", VOTE_CLOSED},
	};
	for (size_t i = 0; i < ARRAY_LEN(wants); i++)
		if (strstr(route, wants[i].part))
			return site->boxes[wants[i].state];
	return site->boxes[VOTE_TESTED];
}

/* ---- the people and places ---- */

struct row {
	struct matrix *matrix;
	struct site *site;
};

/* Two of its own, whatever its level. */
static int add_campaigns(struct db_tx *tx, struct row *row)
{
	AUTO(scheme) struct scheme scheme = {0};
	AUTO(diag) struct diag faults = {0};
	const struct shipped_scheme *shipped = shipped_scheme_find("hnust-2019");
	struct campaign campaign = {
		.node = row->site->id, .year = 2024, .title = "整顿", .kind = CAMPAIGN_RECTIFICATION,
		.scheme_name = shipped->id, .scheme_title = "整顿", .scheme_text = shipped->text,
		.opened_ms = 1,
	};
	int r = scheme_load_text(&scheme, shipped->id, shipped->text, shipped->len, &faults, NULL);
	if (r == 0)
		r = store_campaign_insert(tx, &campaign, &scheme);
	row->site->campaign = campaign.id;
	if (r == 0)
		r = store_campaign_insert(tx, &campaign, &scheme);
	row->site->ended = campaign.id;
	return r < 0 ? r : store_campaign_set_state(tx, campaign.id, CAMPAIGN_CLOSED, 2);
}

static int row_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct row *row = arg;
	struct role_request request = {.account = row->site->account, .node = row->site->id,
				       .role = ROLE_LEADER, .asked_by = 1, .asked_ms = 1};
	int r = store_request_add(tx, &request);
	row->site->request = request.id;
	if (r < 0)
		return r;
	struct scheme_version scheme = {
		.node = row->site->id, .name = "loudi-2014", .title = "整顿", .state = SCHEME_PUBLISHED,
		.text = shipped_scheme_find("loudi-2014")->text, .origin = "", .note = "", .saved_ms = 1,
	};
	r = store_scheme_add(tx, &scheme);
	row->site->scheme = scheme.scheme;
	if (r == 0)
		r = add_campaigns(tx, row);
	return r;
}


/* A print with its check code, and a list that was kept. */
static void add_print(struct matrix *m, struct site *site)
{
	AUTO(arena) struct arena arena = {0};
	const struct form_ask ask = {.form = "f2", .node = site->id};
	const struct form_view view = {.node = site->id, .name = "新党支部", .columns = "name", .filter = ""};
	struct app *app = &m->desk->app;
	struct print print;
	struct doc doc;
	assert_int_equal(forms_issue(app, &m->desk->machine, &ask, "打印", &arena, &doc, &print, NULL), 0);
	doc_done(&doc);
	snprintf(site->print, sizeof(site->print), "%s", print.code);
	assert_int_equal(forms_view_save(app, &m->desk->machine, &view, NULL), 0);
	size_t n;
	const struct template_sample *samples = template_samples(&n);
	const struct template_new own = {.node = site->id, .name = "台账", .note = "",
					 .file_name = STR("台账.xlsx"), .data = {samples[0].text, samples[0].len}};
	assert_int_equal(templates_add(app, &m->desk->machine, &own, &site->template, NULL), 0);
}

static void add_site(struct matrix *m, enum relation relation, int64_t id)
{
	AUTO(arena) struct arena arena = {0};
	struct site *site = &m->at[relation];
	char name[40];
	struct org org = desk_get(m->desk, id, &arena);

	*site = (struct site){.id = id, .version = org.version, .level = org.level};
	snprintf(site->code, sizeof(site->code), "%s", org.code);
	snprintf(name, sizeof(name), "somebody-%d", (int)relation);
	site->account = desk_account(m->desk, id, name, ROLE_HELPER);
	const struct attachment_new file = {.org = id, .name = STR("a.png"), .what = "", .data = picture,
					    .small = STR("\xFF\xD8\xFF\xD9")};
	assert_int_equal(attachments_add(&m->desk->app, &m->desk->machine, &file, &site->attachment, NULL),
			 0);
	struct row row = {m, site};
	assert_int_equal(db_write(m->desk->app.db, id_region(id), row_fn, &row, NULL), 0);
	add_print(m, site);
	for (int state = 0; state < VOTE_STATES; state++) {
		char slip[BALLOT_CODE_LEN + 1] = "";
		site->boxes[state] = add_box(m, id, state, slip);
		if (state == VOTE_OPEN)
			memcpy(site->slip, slip, sizeof(slip));
	}
}

static int session_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct matrix *m = arg;
	struct session session = {.region = id_region(m->account), .account = m->account,
				  .created_ms = (int64_t)NOW_S * 1000,
				  .seen_ms = (int64_t)NOW_S * 1000, .origin = "10.0.0.9"};
	token_hash(str_from(m->token), session.token_hash);
	return store_session_insert(tx, &session);
}

void matrix_add_caller(struct matrix *m)
{
	m->account = desk_account(m->desk, m->at[OWN].id, "caller", m->role);
	token_make(m->token);
	assert_int_equal(db_write(m->desk->app.db, id_region(m->account), session_fn, m, NULL), 0);
	csrf_make(m->web.key, str_from(m->token), m->csrf);
	/* Its calendar has the same secret. */
	unsigned char hash[WEB_HASH_LEN];
	struct caller caller = desk_caller(m->account, 1);
	token_hash(str_from(m->token), hash);
	assert_int_equal(ledger_calendar_set(&m->desk->app, &caller, hash, NULL), 0);
}

/* 龙泉社区's self-evaluation of the other campaign is handed in. */
static int self_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	struct matrix *m = arg;
	const struct self_report report = {.org = m->desk->branch[0], .report = "", .grade = -1,
					   .state = SELF_HANDED_IN, .reason = ""};
	(void)info;
	return store_self_put(tx, m->other_campaign, &report);
}

static void add_other_campaign(struct matrix *m)
{
	struct desk *d = m->desk;
	const struct campaign_draft draft = {.node = d->city, .year = 2027, .scheme = "zunyi"};
	const struct rater_draft rater = {.source = "units", .label = "县纪委", .login = ""};
	const struct local_draft local = {-1, "tea", "茶产业", "5"};
	int64_t id;

	assert_int_equal(campaigns_open(&d->app, &d->machine, &draft, &m->other_campaign, NULL), 0);
	assert_int_equal(raters_put(&d->app, &d->machine, m->other_campaign, d->city, &rater, &id, NULL),
			 0);
	assert_int_equal(id, 1);
	assert_int_equal(locals_put(&d->app, &d->machine, m->other_campaign, d->township, &local, NULL),
			 0);
	campaign_desk_write(d, self_fn, m);
}

/* Each place has a case by the rules of Loudi, with a problem that is done and a
 * look-back that is due. */
static int case_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct row *row = arg;
	struct ledger_case c = {
		.org = row->site->id, .campaign = row->matrix->ledger, .year = 2027,
		.state = CASE_RECTIFYING, .round = 1, .attempt = 1, .opened_day = 20260101, .seen = "",
		.meeting_no = "", .decision = "", .shows = "", .support_kind = -1, .election_note = "",
		.written_off_day = 20260101,
	};
	int r = store_case_insert(tx, &c);
	struct case_problem p = {
		.case_id = c.id, .round = 1, .title = "书记空缺", .ref = "", .cause = "", .measure = "",
		.goal = "", .owner = "", .post = "", .phone = "", .result = "", .verified_by = "",
		.verdict = "", .extended = "", .state = PROBLEM_DONE,
	};
	struct case_lookback l = {.round = 1, .seq = LOOKBACKS_MAX, .due_day = 20260401, .text = "", .who = ""};
	if (r < 0 || (r = store_problem_put(tx, &p)) < 0 || (r = store_lookback_put(tx, c.id, &l)) < 0)
		return r;
	struct spot_draw draw = {.node = row->site->id, .level = LEVEL_UNIT, .each = 1, .population = "",
				 .drawn = ""};
	struct spot_check check = {.org = row->site->id, .day = 20260401, .finding = "x", .position = "",
				   .closing = "", .sent = row->site->code, .who = ""};
	if ((r = store_draw_insert(tx, &draw)) < 0 || (r = store_check_insert(tx, &check)) < 0)
		return r;
	/* Its one problem is done, and nothing proves it. */
	snprintf(row->site->finding, sizeof(row->site->finding), "no-source:%lld:1 个问题办结，没有作数的佐证",
		 (long long)row->site->id);
	row->site->draw = draw.id;
	row->site->check = check.id;
	row->site->case_id = c.id;
	row->site->problem = p.id;
	return 0;
}

static void add_cases(struct matrix *m)
{
	struct desk *d = m->desk;
	const struct campaign_draft draft = {.node = d->city, .year = 2027, .scheme = "loudi-2014"};
	assert_int_equal(campaigns_open(&d->app, &d->machine, &draft, &m->ledger, NULL), 0);
	for (int i = 0; i < RELATION_COUNT; i++) {
		struct row row = {m, &m->at[i]};
		const struct attachment_new file = {.org = m->at[i].id, .kind = ATTACHED_CASE,
						    .name = STR("a.png"), .what = "", .data = picture,
					    .small = STR("\xFF\xD8\xFF\xD9")};
		assert_int_equal(attachments_add(&d->app, &d->machine, &file, &m->at[i].evidence, NULL), 0);
		assert_int_equal(db_write(d->app.db, id_region(m->at[i].id), case_fn, &row, NULL), 0);
	}
}

static int decided_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct row *row = arg;
	char token[32];
	snprintf(token, sizeof(token), "matrix%d", (int)(row->site - row->matrix->at));
	struct publicity p = {.campaign = row->matrix->campaign, .node = row->site->id, .token = token,
			      .from_day = 20261001, .to_day = 20261105, .show = SHOW_GRADE, .scope = "公开栏",
			      .office = "党群办", .phone = "电话"};
	int r = store_publicity_insert(tx, &p);
	struct objection o = {.campaign = p.campaign, .publicity = p.id, .node = p.node, .org = p.node,
			      .day = 20261002, .by_whom = "", .text = "低了"};
	if (r == 0)
		r = store_objection_insert(tx, &o);
	row->site->publicity = p.id;
	row->site->objection = o.id;
	return r;
}

/* A notice and an objection at every site. */
static void add_decided(struct matrix *m)
{
	for (int i = 0; i < RELATION_COUNT; i++) {
		struct row row = {m, &m->at[i]};
		assert_int_equal(db_write(m->desk->app.db, id_region(row.site->id), decided_fn, &row, NULL),
				 0);
	}
}

struct live_row {
	struct matrix *matrix;
	struct site *site;
};

static int live_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	struct live_row *row = arg;
	struct site *site = row->site;
	const unsigned char device[LIVE_DEVICE_LEN] = {1};
	char code[LIVE_CODE_LEN + 1];
	snprintf(code, sizeof(code), "MATRIX%02d", (int)(site - row->matrix->at));
	struct live_session session = {.campaign = row->matrix->live_campaign, .node = site->id,
				       .source = 2, .title = "述职评议会", .code = code, .present = 5};
	int r = store_live_insert(tx, &session, &site->id, 1);
	if (r == 0)
		r = store_live_paper_put(tx, session.id, device, "90");
	site->session = session.id;
	return r;
}

static void add_live_campaign(struct matrix *m)
{
	struct desk *d = m->desk;
	const struct campaign_draft draft = {.node = d->city, .year = 2027, .scheme = "appraisal"};

	campaign_desk_field(d, d->township, FIELD_AREA);
	assert_int_equal(campaigns_open(&d->app, &d->machine, &draft, &m->live_campaign, NULL), 0);
	for (int i = 0; i < RELATION_COUNT; i++) {
		struct live_row row = {m, &m->at[i]};
		assert_int_equal(db_write(d->app.db, id_region(m->at[i].id), live_fn, &row, NULL), 0);
	}
}

/* Campaigns have it as it was; forms that do not name it then change nothing. */
static void forget_field(struct desk *desk, int64_t id)
{
	AUTO(arena) struct arena arena = {0};
	struct org org = desk_get(desk, id, &arena);
	org.field = ORG_UNSET;
	org.kind = "";
	org.members = org.residents = ORG_UNSET;
	assert_int_equal(roster_change(&desk->app, &desk->machine, &org, &desk_today, NULL), 0);
}

static void read_version(struct matrix *m, struct site *site)
{
	AUTO(arena) struct arena arena = {0};
	site->version = desk_get(m->desk, site->id, &arena).version;
}

void matrix_add_places(struct matrix *m)
{
	struct desk *d = m->desk;
	const bool county = m->role == ROLE_OFFICER || m->role == ROLE_SYSTEM ||
			    m->role == ROLE_SECURITY || m->role == ROLE_AUDITOR;
	int64_t elsewhere = desk_add(d, d->other_county, "4302-01", "红岩镇", LEVEL_TOWNSHIP);
	int64_t group = desk_add(d, d->branch[0], "07-101-1", "第一党支部", LEVEL_UNIT);
	int64_t room = desk_add(d, group, "07-101-1-1", "第一党小组", LEVEL_UNIT);
	const int64_t ids[3][RELATION_COUNT] = {
		{d->county, d->township, d->branch[1], d->city, d->other_county, elsewhere},
		{d->township, d->branch[0], group, d->county, d->other_township, elsewhere},
		{d->branch[0], group, room, d->township, d->branch[1], elsewhere},
	};
	struct org org = org_blank();

	for (int i = 0; i < RELATION_COUNT; i++)
		add_site(m, (enum relation)i, ids[m->role == ROLE_CLERK ? 2 : county ? 0 : 1][i]);
	org.parent = d->township;
	org.code = "07-900";
	org.name = "新街党支部";
	org.state = ORG_SHOULD_EXIST;
	m->wanted.level = LEVEL_UNIT;
	campaign_desk_field(d, d->branch[0], FIELD_COMMUNITY);
	campaign_desk_field(d, d->branch[1], FIELD_VILLAGE);
	m->campaign = campaign_desk_open(d, d->city, "zhangji-town");
	add_other_campaign(m);
	add_cases(m);
	add_decided(m);
	add_live_campaign(m);
	assert_int_equal(roster_add(&d->app, &d->machine, &org, &desk_today, &m->wanted.id, NULL), 0);
	for (int i = 0; i < RELATION_COUNT; i++) {
		forget_field(d, m->at[i].id);
		read_version(m, &m->at[i]);
	}
}
