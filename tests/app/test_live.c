/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/campaign_desk.h"
#include "app/live.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

/* An appraisal of 龙泉镇 and 柳河镇 by 云岭县, and a session in which both report. */
struct hall {
	int64_t campaign, session;
	char code[LIVE_CODE_LEN + 1];
};

static struct hall open_hall(struct desk *desk)
{
	AUTO(arena) struct arena arena = {0};
	struct hall hall = {0};
	struct live_view view;
	struct err_info info = {0};
	const int64_t orgs[] = {desk->other_township, desk->township};
	const struct live_draft draft = {.title = "述职评议会", .present = 3, .orgs = orgs, .n = 2};

	campaign_desk_field(desk, desk->township, FIELD_AREA);
	campaign_desk_field(desk, desk->other_township, FIELD_AREA);
	hall.campaign = campaign_desk_open(desk, desk->county, "appraisal");
	if (live_open(&desk->app, &desk->machine, hall.campaign, desk->county, &draft, &hall.session,
		      &info) < 0)
		fail_msg("%s", info.text);
	assert_int_equal(live_show(&desk->app, &desk->machine, hall.session, &arena, &view, NULL), 0);
	memcpy(hall.code, view.session.code, sizeof(hall.code));
	return hall;
}

static int give(struct desk *desk, const struct hall *hall, const char *phone, const char *a,
		const char *b, struct err_info *info)
{
	const struct str figures[] = {str_from(a), str_from(b)};
	int wrong;
	return live_send(&desk->app, hall->code, str_from(phone), figures, 2, &wrong, info);
}

static struct live_view look(struct desk *desk, const struct hall *hall, struct arena *arena)
{
	struct live_view view;
	assert_int_equal(live_show(&desk->app, &desk->machine, hall->session, arena, &view, NULL), 0);
	return view;
}

static void codes_are_read_as_people_type_them(void **state)
{
	char code[LIVE_CODE_LEN + 1];
	(void)state;
	assert_int_equal(live_code_read(STR("abcd-efgh"), code, NULL), 0);
	assert_string_equal(code, "ABCDEFGH");
	assert_int_equal(live_code_read(STR(" ABCD EF23 "), code, NULL), 0);
	assert_int_equal(live_code_read(STR("ABCD"), code, NULL), ERR_INPUT);
	assert_int_equal(live_code_read(STR("ABCDEFGHJ"), code, NULL), ERR_INPUT);
	assert_int_equal(live_code_read(STR("ABCDEFG0"), code, NULL), ERR_INPUT);
}

static void the_mean_appears_when_it_is_closed_and_is_exact(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct hall hall = open_hall(desk);
	struct err_info info = {0};

	assert_int_equal(give(desk, &hall, "one", "90", "80.5", &info), 0);
	assert_int_equal(give(desk, &hall, "two", "91", "80", &info), 0);
	assert_int_equal(give(desk, &hall, "three", "９１", "70", &info), 0);	/* full width */
	struct live_view view = look(desk, &hall, &arena);
	assert_int_equal(view.received, 3);
	assert_null(view.results);
	assert_int_equal(live_close(&desk->app, &desk->machine, hall.session, 3, &info), 0);
	view = look(desk, &hall, &arena);
	assert_string_equal(view.orgs[0].name, "柳河镇");	/* in the order of reports */
	assert_string_equal(view.results[0].mean, "90.67");	/* 272 ÷ 3 */
	assert_string_equal(view.results[1].mean, "76.83");	/* 230.5 ÷ 3 */
	assert_int_equal(view.session.papers, 3);
}

static void a_phone_may_change_its_paper_until_then(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct hall hall = open_hall(desk);
	struct err_info info = {0};
	struct live_view view;
	const char **figures;

	assert_int_equal(give(desk, &hall, "one", "90", "80", &info), 0);
	assert_int_equal(give(desk, &hall, "one", "60", "70", &info), 0);
	assert_int_equal(live_paper(&desk->app, hall.code, STR("one"), &arena, &view, &figures, &info), 0);
	assert_string_equal(figures[0], "60");
	assert_int_equal(live_paper(&desk->app, hall.code, STR("two"), &arena, &view, &figures, &info), 0);
	assert_null(figures);			/* nobody sees another's */
	assert_int_equal(live_close(&desk->app, &desk->machine, hall.session, 1, &info), 0);
	assert_string_equal(look(desk, &hall, &arena).results[0].mean, "60.00");
	assert_int_equal(give(desk, &hall, "one", "90", "80", &info), ERR_STATE);
}

static void more_papers_than_people_do_not_count(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct hall hall = open_hall(desk);
	struct err_info info = {0};

	assert_int_equal(live_close(&desk->app, &desk->machine, hall.session, 3, &info), ERR_STATE);
	assert_int_equal(give(desk, &hall, "one", "90", "80", &info), 0);
	assert_int_equal(give(desk, &hall, "two", "90", "80", &info), 0);
	assert_int_equal(live_close(&desk->app, &desk->machine, hall.session, 1, &info), ERR_STATE);
	assert_non_null(strstr(info.text, "比到场的 1 人多"));
	assert_int_equal(live_void(&desk->app, &desk->machine, hall.session, "有人交了两份", &info), 0);
	assert_int_equal(look(desk, &hall, &arena).session.state, LIVE_VOID);
}

static void figures_are_checked(void **state)
{
	struct desk *desk = desk_of(state);
	struct hall hall = open_hall(desk);
	struct err_info info = {0};
	const struct str one[] = {STR("90")};
	int wrong;

	assert_int_equal(give(desk, &hall, "one", "101", "80", &info), ERR_INPUT);
	assert_non_null(strstr(info.text, "柳河镇"));
	assert_int_equal(give(desk, &hall, "one", "90", "", &info), ERR_INPUT);
	assert_int_equal(give(desk, &hall, "one", "90", "-1", &info), ERR_INPUT);
	assert_int_equal(live_send(&desk->app, hall.code, STR("one"), one, 1, &wrong, &info), ERR_INPUT);
	assert_int_equal(live_send(&desk->app, "ABCDEFGH", STR("one"), one, 1, &wrong, &info),
			 ERR_NOT_FOUND);
}

static void who_has_been_scored_is_not_scored_again(void **state)
{
	struct desk *desk = desk_of(state);
	struct hall hall = open_hall(desk);
	struct err_info info = {0};
	const struct live_draft again = {.title = "再来一次"};
	int64_t session;

	assert_int_equal(give(desk, &hall, "one", "90", "80", &info), 0);
	assert_int_equal(live_close(&desk->app, &desk->machine, hall.session, 1, &info), 0);
	assert_int_equal(live_open(&desk->app, &desk->machine, hall.campaign, desk->county, &again, &session,
				   &info), ERR_INPUT);
}

static void only_organisers_open_and_close(void **state)
{
	struct desk *desk = desk_of(state);
	struct hall hall = open_hall(desk);
	struct caller clerk = desk_caller(desk_account(desk, desk->branch[0], "clerk", ROLE_CLERK), 5000);
	struct caller foreign = desk_caller(desk_account(desk, desk->other_county, "foreign", ROLE_OFFICER),
					    5000);
	const struct live_draft draft = {.title = "会"};
	int64_t session;

	assert_int_equal(live_close(&desk->app, &clerk, hall.session, 3, NULL), ERR_DENIED);
	assert_int_equal(live_void(&desk->app, &foreign, hall.session, "不行", NULL), ERR_DENIED);
	assert_int_equal(live_open(&desk->app, &clerk, hall.campaign, desk->county, &draft, &session, NULL),
			 ERR_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_read_as_people_type_them),
		ON_DESK(the_mean_appears_when_it_is_closed_and_is_exact),
		ON_DESK(a_phone_may_change_its_paper_until_then),
		ON_DESK(more_papers_than_people_do_not_count),
		ON_DESK(figures_are_checked),
		ON_DESK(who_has_been_scored_is_not_scored_again),
		ON_DESK(only_organisers_open_and_close),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
