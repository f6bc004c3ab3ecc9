/* SPDX-License-Identifier: Apache-2.0 */
/* A desk (desk.h) with a campaign: 龙泉镇's branches are two villages and a
 * community, 柳河镇 has one school; scheme zhangji-town over 云岭县 in 2026. */
#ifndef JW_TESTS_CAMPAIGN_DESK_H
#define JW_TESTS_CAMPAIGN_DESK_H

#include "app/campaigns.h"
#include "app/desk.h"

/* Gives it a field, the kind 党支部, 40 members and 300 residents. */
void campaign_desk_field(struct desk *desk, int64_t org, enum field field);

/* Fields for the desk's branches, and a school (returned) in 柳河镇. */
int64_t campaign_desk_fill(struct desk *desk);

/* Opens one as the machine's operator. Fails the test if it can't. */
int64_t campaign_desk_open(struct desk *desk, int64_t node, const char *scheme);

/* Runs `fn` as a write of the county. */
void campaign_desk_write(struct desk *desk, db_fn fn, void *arg);

/* Sets a step's state of an organisation. */
void campaign_desk_step(struct desk *desk, int64_t campaign, int64_t org, int step,
			enum step_state state);

#endif
