/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The handlers of anonymous ballots: the vote itself (vote.c), the way of a box
 * (ballot_*.c). As in pages.h.
 */
#ifndef JW_WEB_PAGES_PAGES_BALLOT_H
#define JW_WEB_PAGES_PAGES_BALLOT_H

#include "app/ballot.h"
#include "web/web.h"

/* ---- vote.c ---- */
extern const struct web_field vote_fields[], vote_page_fields[], kiosk_fields[];
int act_vote_page(struct web_call *call);
void vote_together(struct web_call *const *calls, int n);
int act_vote(struct web_call *call);
void page_vote(struct web_call *call, struct html *h);
json_t *json_vote(struct web_call *call);
int act_kiosk(struct web_call *call);
void page_vote_about(struct web_call *call, struct html *h);
json_t *json_vote_about(struct web_call *call);

/* ---- ballot_list.c: boxes of a township, a new one ---- */
extern const struct web_field ballot_list_fields[], ballot_new_page_fields[], ballot_new_fields[];
int act_ballot_list(struct web_call *call);
void page_ballot_list(struct web_call *call, struct html *h);
json_t *json_ballot_list(struct web_call *call);
int act_ballot_new_page(struct web_call *call);
void page_ballot_new(struct web_call *call, struct html *h);
int act_ballot_new(struct web_call *call);
/* What the box's counts are for, as a link. */
void ballot_write_purpose(struct html *h, const struct ballot_box *box);
/* Fields day, opens and closes as times; says what is wrong with them. */
int ballot_read_times(struct web_call *call, int64_t *ret_opens_ms, int64_t *ret_closes_ms);

/* ---- ballot_show.c: one box, what is to be done next ---- */
extern const struct web_field ballot_id_fields[];
int act_ballot_show(struct web_call *call);
void page_ballot_show(struct web_call *call, struct html *h);
json_t *json_ballot(struct web_call *call);
int act_ballot_hall(struct web_call *call);
void page_ballot_hall(struct web_call *call, struct html *h);
json_t *json_ballot_hall(struct web_call *call);

/* ---- ballot_step.c: the steps ---- */
extern const struct web_field ballot_keys_fields[], ballot_test_fields[], ballot_print_fields[],
	ballot_present_fields[], ballot_slips_fields[], ballot_times_fields[], ballot_paper_fields[],
	ballot_open_fields[], ballot_abandon_fields[], ballot_sheets_fields[],
	ballot_paper_page_fields[], ballot_exchange_fields[];
int act_ballot_keys(struct web_call *call);
int act_ballot_test(struct web_call *call);
int act_ballot_print(struct web_call *call);
int act_ballot_sheets(struct web_call *call);
int act_ballot_present(struct web_call *call);
int act_ballot_slips(struct web_call *call);
int act_ballot_exchange(struct web_call *call);
int act_ballot_times(struct web_call *call);
int act_ballot_start(struct web_call *call);
int act_ballot_close(struct web_call *call);
int act_ballot_paper_page(struct web_call *call);
void page_ballot_paper(struct web_call *call, struct html *h);
int act_ballot_paper(struct web_call *call);
int act_ballot_open(struct web_call *call);
void page_ballot_opened(struct web_call *call, struct html *h);
json_t *json_ballot_opened(struct web_call *call);
int act_ballot_abandon(struct web_call *call);
int act_ballot_record(struct web_call *call);

#endif
