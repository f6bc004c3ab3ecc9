/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever has the database in hand can change it; the log tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <stdio.h>

#include "app/audits.h"
#include "app/desk.h"
#include "app/people.h"
#include "db/driver.h"
#include "store/id.h"

#define ON_DESK(test) ON_BOTH_WITH(test, desk_setup, desk_teardown)

static int tamper_fn(struct db_tx *tx, void *arg, struct err_info *info)
{
	(void)info;
	return db_script(tx, arg);
}

static void tamper(struct desk *desk, const char *sql)
{
	struct err_info info = {0};
	if (db_write(desk->app.db, 0, tamper_fn, (void *)(uintptr_t)sql, &info) < 0)
		fail_msg("%s: %s", sql, info.text);
}

static struct audit_verdict verify(struct desk *desk, int64_t region, const struct audit_head *kept,
				   int n_kept)
{
	AUTO(arena) struct arena arena = {0};
	struct audit_verdict *verdicts;
	struct err_info info = {0};
	int n;
	if (audits_verify(&desk->app, &desk->machine, region, kept, n_kept, &arena, &verdicts, &n,
			  &info) < 0)
		fail_msg("%s", info.text);
	assert_int_equal(n, 1);
	verdicts[0].name = "";
	return verdicts[0];
}

static int64_t region_of(struct desk *desk)
{
	return id_region(desk->county);
}

static void an_untouched_log_is_good(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct audit_verdict *verdicts;
	int n;
	assert_int_equal(audits_verify(&desk->app, &desk->machine, -1, NULL, 0, &arena, &verdicts, &n,
				       NULL), 0);
	assert_int_equal(n, 3);
	for (int i = 0; i < n; i++)
		assert_int_equal(verdicts[i].fault, AUDIT_GOOD);
	assert_string_equal(verdicts[1].name, "云岭县");
	assert_int_equal(verdicts[1].seq, 6);
}

static void every_altered_field_is_found(void **state)
{
	struct desk *desk = desk_of(state);
	static const char *const changes[] = {
		"at_ms = at_ms + 1", "account = 7", "who = 'x'", "origin = 'x'", "act = 'x'",
		"node = node + 1", "object = 'x'", "before = 'x'", "after = after || ' '",
	};
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		char sql[512];
		tamper(desk, "CREATE TABLE kept (region INTEGER NOT NULL, seq INTEGER NOT NULL,"
			     " at_ms INTEGER, account INTEGER, who TEXT, origin TEXT, act TEXT,"
			     " node INTEGER, object TEXT, before TEXT, after TEXT, hash BLOB,"
			     " PRIMARY KEY (region, seq)) STRICT;"
			     "INSERT INTO kept SELECT * FROM audit;");
		snprintf(sql, sizeof(sql), "UPDATE audit SET %s WHERE region = %lld AND seq = 3;",
			 changes[i], (long long)region_of(desk));
		tamper(desk, sql);
		struct audit_verdict v = verify(desk, region_of(desk), NULL, 0);
		if (v.fault != AUDIT_ALTERED || v.seq != 3)
			fail_msg("%s: %d at %lld", changes[i], v.fault, (long long)v.seq);
		tamper(desk, "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept;"
			     " DROP TABLE kept;");
		assert_int_equal(verify(desk, region_of(desk), NULL, 0).fault, AUDIT_GOOD);
	}
}

static void a_dropped_entry_is_found(void **state)
{
	struct desk *desk = desk_of(state);
	char sql[256];
	snprintf(sql, sizeof(sql), "DELETE FROM audit WHERE region = %lld AND seq = 4;",
		 (long long)region_of(desk));
	tamper(desk, sql);
	struct audit_verdict v = verify(desk, region_of(desk), NULL, 0);
	assert_int_equal(v.fault, AUDIT_GAP);
	assert_int_equal(v.seq, 4);
}

static void a_dropped_entry_whose_followers_close_ranks_is_found(void **state)
{
	struct desk *desk = desk_of(state);
	char sql[512];
	snprintf(sql, sizeof(sql), "DELETE FROM audit WHERE region = %lld AND seq = 4;"
		 "UPDATE audit SET seq = 4 WHERE region = %lld AND seq = 5;"
		 "UPDATE audit SET seq = 5 WHERE region = %lld AND seq = 6;"
		 "UPDATE audit_head SET seq = 5 WHERE region = %lld;", (long long)region_of(desk),
		 (long long)region_of(desk), (long long)region_of(desk), (long long)region_of(desk));
	tamper(desk, sql);
	struct audit_verdict v = verify(desk, region_of(desk), NULL, 0);
	assert_int_equal(v.fault, AUDIT_ALTERED);
	assert_int_equal(v.seq, 4);
}

static void an_inserted_entry_is_found(void **state)
{
	struct desk *desk = desk_of(state);
	char sql[512];
	/* At the end, with the head moved along but no right hash. */
	snprintf(sql, sizeof(sql), "INSERT INTO audit SELECT region, 7, at_ms, account, who, origin,"
		 " act, node, object, before, after, hash FROM audit WHERE region = %lld AND seq = 6;"
		 "UPDATE audit_head SET seq = 7 WHERE region = %lld;", (long long)region_of(desk),
		 (long long)region_of(desk));
	tamper(desk, sql);
	struct audit_verdict v = verify(desk, region_of(desk), NULL, 0);
	assert_int_equal(v.fault, AUDIT_ALTERED);
	assert_int_equal(v.seq, 7);
}

static void swapped_entries_are_found(void **state)
{
	struct desk *desk = desk_of(state);
	char sql[512];
	long long region = (long long)region_of(desk);
	snprintf(sql, sizeof(sql), "UPDATE audit SET seq = 99 WHERE region = %lld AND seq = 3;"
		 "UPDATE audit SET seq = 3 WHERE region = %lld AND seq = 4;"
		 "UPDATE audit SET seq = 4 WHERE region = %lld AND seq = 99;", region, region, region);
	tamper(desk, sql);
	struct audit_verdict v = verify(desk, region_of(desk), NULL, 0);
	assert_int_equal(v.fault, AUDIT_ALTERED);
	assert_int_equal(v.seq, 3);
}

static void truncate_well(struct desk *desk, int64_t region)
{
	char sql[512];
	/* With the head moved back: the chain alone is in order. */
	snprintf(sql, sizeof(sql), "DELETE FROM audit WHERE region = %lld AND seq > 4;"
		 "UPDATE audit_head SET seq = 4, hash = (SELECT hash FROM audit"
		 " WHERE region = %lld AND seq = 4) WHERE region = %lld;", (long long)region,
		 (long long)region, (long long)region);
	tamper(desk, sql);
}

static void a_truncated_end_is_found_through_an_anchored_head(void **state)
{
	struct desk *desk = desk_of(state);
	struct audit_head paper;
	assert_int_equal(audits_anchor(&desk->app, &desk->machine, &paper, NULL), 0);
	truncate_well(desk, region_of(desk));
	struct audit_verdict v = verify(desk, region_of(desk), NULL, 0);
	assert_int_equal(v.fault, AUDIT_CUT);
	assert_int_equal(v.seq, 5);
}

static void a_truncated_end_without_an_anchor_is_found_through_paper(void **state)
{
	struct desk *desk = desk_of(state);
	struct audit_head head;
	assert_int_equal(audits_head(&desk->app, region_of(desk), &head, NULL), 0);
	truncate_well(desk, region_of(desk));
	/* This is what a chain alone can't show. */
	assert_int_equal(verify(desk, region_of(desk), NULL, 0).fault, AUDIT_GOOD);
	assert_int_equal(verify(desk, region_of(desk), &head, 1).fault, AUDIT_CUT);
}

static void a_chain_removed_with_its_head_is_found(void **state)
{
	struct desk *desk = desk_of(state);
	struct audit_head paper;
	char sql[256];
	assert_int_equal(audits_anchor(&desk->app, &desk->machine, &paper, NULL), 0);
	snprintf(sql, sizeof(sql), "DELETE FROM audit WHERE region = %lld;"
		 "DELETE FROM audit_head WHERE region = %lld;", (long long)region_of(desk),
		 (long long)region_of(desk));
	tamper(desk, sql);
	assert_int_equal(verify(desk, region_of(desk), NULL, 0).fault, AUDIT_CUT);
}

static void a_chain_rewritten_as_a_whole_is_found_through_an_anchored_head(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct audit_head paper;
	char sql[256];
	assert_int_equal(audits_anchor(&desk->app, &desk->machine, &paper, NULL), 0);
	snprintf(sql, sizeof(sql), "DELETE FROM audit WHERE region = %lld;"
		 "DELETE FROM audit_head WHERE region = %lld;", (long long)region_of(desk),
		 (long long)region_of(desk));
	tamper(desk, sql);
	/* As long as the old one, and in itself in order. */
	for (int i = 0; i < 8; i++) {
		struct org org = desk_get(desk, desk->branch[0], &arena);
		org.members = i + 1;
		assert_int_equal(roster_change(&desk->app, &desk->machine, &org, &desk_today, NULL), 0);
	}
	struct audit_verdict v = verify(desk, region_of(desk), NULL, 0);
	assert_int_equal(v.fault, AUDIT_OTHER);
	assert_int_equal(v.seq, 6);
}

static void anchors_themselves_are_held_by_paper(void **state)
{
	struct desk *desk = desk_of(state);
	struct audit_head paper, again, back;
	char text[AUDIT_ANCHOR_LEN + 1];
	assert_int_equal(audits_anchor(&desk->app, &desk->machine, &paper, NULL), 0);
	/* Nothing has moved: no further entry. */
	assert_int_equal(audits_anchor(&desk->app, &desk->machine, &again, NULL), 0);
	assert_int_equal(paper.seq, again.seq);
	audit_anchor_format(&paper, text);
	for (char *p = text; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	assert_int_equal(audit_anchor_parse(text, &back, NULL), 0);
	assert_memory_equal(back.hash, paper.hash, sizeof(back.hash));
	assert_int_equal(audit_anchor_parse("1:2:abc", &back, NULL), ERR_INPUT);
	assert_int_equal(audit_anchor_parse("", &back, NULL), ERR_INPUT);
	tamper(desk, "DELETE FROM audit WHERE region = 0 AND seq > 1;"
		     "UPDATE audit_head SET seq = 1, hash = (SELECT hash FROM audit"
		     " WHERE region = 0 AND seq = 1) WHERE region = 0;");
	assert_int_equal(verify(desk, 0, &paper, 1).fault, AUDIT_CUT);
}

static void only_auditors_read_the_log_each_his_own(void **state)
{
	struct desk *desk = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	struct audit_found page;
	struct audit_verdict *verdicts;
	struct err_info info = {0};
	int n;
	struct audit_filter filter = {.act = "org.", .limit = 100};
	struct caller county = desk_caller(desk_account(desk, desk->county, "a1", ROLE_AUDITOR), 2000000);
	struct caller city = desk_caller(desk_account(desk, desk->city, "a2", ROLE_AUDITOR), 2000000);
	struct caller officer = desk_caller(desk_account(desk, desk->county, "o1", ROLE_OFFICER), 2000000);
	assert_int_equal(audits_list(&desk->app, &officer, desk->county, &filter, &arena, &page, &info),
			 ERR_DENIED);
	assert_int_equal(audits_list(&desk->app, &county, desk->county, &filter, &arena, &page, &info), 0);
	assert_int_equal(page.total, 6);
	assert_int_equal(audits_list(&desk->app, &county, desk->city, &filter, &arena, &page, &info),
			 ERR_DENIED);
	assert_int_equal(audits_list(&desk->app, &city, desk->city, &filter, &arena, &page, &info), 0);
	assert_int_equal(page.total, 8);
	filter.text = "长坡";
	assert_int_equal(audits_list(&desk->app, &city, desk->city, &filter, &arena, &page, &info), 0);
	assert_int_equal(page.total, 1);
	assert_string_equal(page.entries[0].object, "07-602 长坡村党支部");
	int64_t region = id_region(desk->county);
	assert_int_equal(audits_verify(&desk->app, &county, region, NULL, 0, &arena, &verdicts, &n,
				       &info), 0);
	assert_int_equal(audits_verify(&desk->app, &county, -1, NULL, 0, &arena, &verdicts, &n, &info), 0);
	assert_int_equal(n, 1);
	assert_int_equal(verdicts[0].region, region);
	assert_int_equal(audits_verify(&desk->app, &county, 0, NULL, 0, &arena, &verdicts, &n, &info),
			 ERR_DENIED);
	assert_int_equal(audits_verify(&desk->app, &officer, region, NULL, 0, &arena, &verdicts, &n,
				       &info), ERR_DENIED);
	assert_int_equal(audits_verify(&desk->app, &city, -1, NULL, 0, &arena, &verdicts, &n, &info), 0);
	assert_int_equal(n, 3);
}

static int64_t count_seen(struct desk *desk, int64_t account, int64_t node, const char *act,
			  const char *text)
{
	AUTO(arena) struct arena arena = {0};
	struct caller caller = desk_caller(account, 2000000);
	const struct audit_filter filter = {.act = act, .text = text, .limit = 100};
	struct audit_found found;
	struct err_info info = {0};
	if (audits_list(&desk->app, &caller, node, &filter, &arena, &found, &info) < 0)
		fail_msg("%s", info.text);
	assert_int_equal(found.n, found.total);
	return found.total;
}

/* A second city beside the first, and the names that nobody has. */
static void an_auditor_sees_what_is_below_and_at_the_top_what_is_nowhere(void **state)
{
	struct desk *desk = desk_of(state);
	struct caller stranger = desk_caller(0, 1500000);
	const unsigned char hash[TOKEN_HASH_LEN] = {1};
	AUTO(arena) struct arena arena = {0};
	struct person person;
	int64_t province = desk_add(desk, 0, "52", "黔省", LEVEL_PROVINCE);
	int64_t city = desk_add(desk, province, "5201", "筑城市", LEVEL_CITY);
	int64_t county = desk_add(desk, city, "520101", "花溪县", LEVEL_COUNTY);
	int64_t at_top = desk_account(desk, desk->city, "a-top", ROLE_AUDITOR);
	int64_t at_city = desk_account(desk, city, "a-city", ROLE_AUDITOR);
	int64_t at_county = desk_account(desk, county, "a-county", ROLE_AUDITOR);
	assert_int_equal(people_login(&desk->app, &stranger, "nobody-here", "x", NULL, hash, &arena,
				      &person, NULL), ERR_DENIED);
	assert_int_equal(people_login(&desk->app, &stranger, "' OR 1=1 --", "x", NULL, hash, &arena,
				      &person, NULL), ERR_DENIED);
	assert_int_equal(count_seen(desk, at_top, desk->city, "login.fail", NULL), 2);
	assert_int_equal(count_seen(desk, at_city, city, "login.fail", NULL), 0);
	assert_int_equal(count_seen(desk, at_county, county, "login.fail", NULL), 0);
	assert_int_equal(count_seen(desk, at_top, desk->city, "login", "' OR 1=1 --"), 1);
	/* Itself and the county below, but not the province nor the other city. */
	assert_int_equal(count_seen(desk, at_city, city, "org.", NULL), 2);
	assert_int_equal(count_seen(desk, at_city, city, NULL, "花溪县"), 1);
	assert_int_equal(count_seen(desk, at_city, city, NULL, "云岭县"), 0);
	assert_int_equal(count_seen(desk, at_county, county, "org.", NULL), 1);
	assert_int_equal(count_seen(desk, at_top, desk->city, "org.", NULL), 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(an_untouched_log_is_good),
		ON_DESK(every_altered_field_is_found),
		ON_DESK(a_dropped_entry_is_found),
		ON_DESK(a_dropped_entry_whose_followers_close_ranks_is_found),
		ON_DESK(an_inserted_entry_is_found),
		ON_DESK(swapped_entries_are_found),
		ON_DESK(a_truncated_end_is_found_through_an_anchored_head),
		ON_DESK(a_truncated_end_without_an_anchor_is_found_through_paper),
		ON_DESK(a_chain_removed_with_its_head_is_found),
		ON_DESK(a_chain_rewritten_as_a_whole_is_found_through_an_anchored_head),
		ON_DESK(anchors_themselves_are_held_by_paper),
		ON_DESK(only_auditors_read_the_log_each_his_own),
		ON_DESK(an_auditor_sees_what_is_below_and_at_the_top_what_is_nowhere),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
