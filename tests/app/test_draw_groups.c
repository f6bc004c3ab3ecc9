/* SPDX-License-Identifier: Apache-2.0 */
/* GZ-9: what is drawn is dealt out to inspection groups. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "app/campaign_desk.h"
#include "app/draws.h"

#define SEED "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* 88 counties with two branches each, 15 groups: 13 with six and two with five. */
static void every_node_goes_to_one_group_and_anybody_can_repeat_it(void **state)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf population = {0}, dealt = {0}, other = {0};
	struct err_info info = {0};
	struct draw_deal *deals;
	int n, per[16] = {0};
	bool seen[88] = {0};
	(void)state;
	for (int i = 0; i < 88; i++)
		buf_addf(&population, "C%02d\tC%02d-1\t甲\nC%02d\tC%02d-2\t乙\n", i, i, i, i);
	assert_int_equal(draw_deal(SEED, buf_str(&population), 15, &arena, &deals, &n, &info), 0);
	assert_int_equal(n, 88);
	for (int i = 0; i < n; i++) {
		int county = (int)strtol(deals[i].node + 1, NULL, 10);
		assert_in_range(deals[i].group, 1, 15);
		assert_false(seen[county]);
		seen[county] = true;
		per[deals[i].group]++;
		buf_addf(&dealt, "%s\t%d\n", deals[i].node, deals[i].group);
		buf_addf(&other, "%s\t%d\n", deals[i].node, i == 40 ? 1 : deals[i].group);
	}
	for (int g = 1; g <= 15; g++)
		assert_int_equal(per[g], g <= 13 ? 6 : 5);
	assert_int_equal(draw_verify_deal(SEED, buf_str(&population), 15, buf_str(&dealt), &info), 0);
	assert_int_equal(draw_verify_deal(SEED, buf_str(&population), 15, buf_str(&other), &info), ERR_STATE);
	assert_int_equal(draw_verify_deal(SEED, buf_str(&population), 14, buf_str(&dealt), &info), ERR_STATE);
	assert_int_equal(draw_deal(SEED, buf_str(&population), 89, &arena, &deals, &n, &info), ERR_INPUT);
	/* By hand: the first of group 1 has the smallest hash. */
	assert_int_equal(draw_deal(SEED, "A\tA-1\tx\nB\tB-1\ty\n", 2, &arena, &deals, &n, &info), 0);
	unsigned char a[32], b[32];
	const char first[] = SEED "\ngroup\tA", second[] = SEED "\ngroup\tB";
	crypto_hash_sha256(a, (const unsigned char *)first, sizeof(first) - 1);
	crypto_hash_sha256(b, (const unsigned char *)second, sizeof(second) - 1);
	assert_string_equal(deals[0].node, memcmp(a, b, 32) < 0 ? "A" : "B");
}

static struct draws look(struct desk *d, const struct caller *who, int64_t node, struct arena *arena)
{
	struct err_info info = {0};
	struct draws l;
	if (draw_list(&d->app, who, node, arena, &l, &info) < 0)
		fail_msg("%s", info.text);
	return l;
}

static void groups_are_secret_until_the_visits_are_over(void **state)
{
	struct desk *d = desk_of(state);
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf dealt = {0};
	struct err_info info = {0};
	char seed[DRAW_HEX_LEN + 1], fingerprint[DRAW_HEX_LEN + 1];
	int64_t id;
	campaign_desk_fill(d);
	struct caller officer = desk_caller(desk_account(d, d->county, "周", ROLE_OFFICER), 7000);
	struct caller inspector = desk_caller(desk_account(d, d->county, "督", ROLE_INSPECTOR), 7000);
	struct caller town = desk_caller(desk_account(d, d->township, "陈", ROLE_TOWNSHIP), 7000);
	assert_int_equal(draw_make_dealt(&d->app, &officer, d->county, LEVEL_TOWNSHIP, 1, false, 3, &id, &info), ERR_INPUT);
	assert_int_equal(draw_make_dealt(&d->app, &officer, d->county, LEVEL_TOWNSHIP, 1, false, 2, &id, &info), 0);
	struct spot_group group = {id, 2, "谭某", "甲、乙"};
	assert_int_equal(draw_put_group(&d->app, &town, &group, &info), ERR_DENIED);
	assert_int_equal(draw_put_group(&d->app, &officer, &group, &info), 0);
	group.number = 3;
	assert_int_equal(draw_put_group(&d->app, &officer, &group, &info), ERR_INPUT);
	struct draws l = look(d, &town, d->township, &arena);
	assert_int_equal(l.n, 1);
	assert_int_equal(l.at[0].groups, 2);
	assert_int_equal(l.dealt[0].n_deals, 0);
	l = look(d, &inspector, d->county, &arena);
	assert_int_equal(l.dealt[0].n_deals, 2);
	assert_int_equal(l.dealt[0].n_groups, 1);
	assert_string_equal(l.dealt[0].groups[0].leader, "谭某");
	assert_int_equal(draw_reveal(&d->app, &officer, id, &info), 0);
	l = look(d, &town, d->township, &arena);
	assert_int_equal(l.dealt[0].n_deals, 2);
	sodium_bin2hex(seed, sizeof(seed), l.at[0].seed, 32);
	sodium_bin2hex(fingerprint, sizeof(fingerprint), l.at[0].fingerprint, 32);
	for (int i = 0; i < 2; i++)
		buf_addf(&dealt, "%s\t%d\n", l.dealt[0].deals[i].node, l.dealt[0].deals[i].group);
	assert_int_equal(draw_verify_dealt(seed, fingerprint, l.at[0].population, 1, l.at[0].drawn, 2, buf_str(&dealt), &info), 0);
	/* Another number of groups has another fingerprint. */
	assert_int_equal(draw_verify_dealt(seed, fingerprint, l.at[0].population, 1, l.at[0].drawn, 1, buf_str(&dealt), &info),
			 ERR_STATE);
	assert_int_equal(draw_verify(seed, fingerprint, l.at[0].population, 1, l.at[0].drawn, &info), ERR_STATE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_node_goes_to_one_group_and_anybody_can_repeat_it),
		ON_BOTH_WITH(groups_are_secret_until_the_visits_are_over, desk_setup, desk_teardown),
	};
	return cmocka_run_group_tests(tests, engines_start, engines_stop);
}
