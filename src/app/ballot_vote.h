/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Voting (spec: ballots.md). Whoever holds the code of an active slip may look
 * at the ballot and cast it, once; there is no caller, no account and no entry
 * in the audit log. A code is 128 bits of chance: nobody finds one by trying.
 *
 * One vote is one transaction: the slip is marked spent and the sealed answers
 * are stored under a random key. Nothing stored tells time, address or order,
 * and nothing leads from the slip to the ballot.
 */
#ifndef JW_APP_BALLOT_VOTE_H
#define JW_APP_BALLOT_VOTE_H

#include "app/ballot.h"

/* Why a slip does not vote; each has its own plain words. */
enum ballot_refusal {
	BALLOT_FINE,
	BALLOT_UNKNOWN,		/* of another box, or of none that is open */
	BALLOT_INACTIVE,	/* not activated yet */
	BALLOT_USED,
	BALLOT_VOIDED,
	BALLOT_FOR_PAPER,	/* handed in for a sheet */
	BALLOT_NOT_YET,		/* the box is not open yet */
	BALLOT_OVER,		/* or no longer */
	BALLOT_REFUSALS,
};

/* The ballot behind a code as people see it. */
struct ballot_sheet {
	enum voters class;
	struct ballot_view view;
};

/* Looking spends nothing. `kiosk`: the box of the tablet in the hall, 0: none.
 * ERR_INPUT: what was typed is no code. */
int ballot_look(struct app *app, struct str code, int64_t kiosk, int64_t now_ms,
		struct arena *arena, struct ballot_sheet *ret_sheet,
		enum ballot_refusal *ret_refusal, struct err_info *info);

enum { BALLOT_NONCE_MIN = 16, BALLOT_NONCE_MAX = 64 };

/* One vote of several that come at the same moment. */
struct ballot_try {
	struct str code, nonce;
	int64_t kiosk;
	const unsigned char *options;	/* per item */
	int n;
	struct err_info *info;		/* may be NULL */
	/* As ballot_cast_vote returns them. */
	int result;
	enum ballot_refusal refusal;
};

/* Casts up to VOTES_MAX of them: looked up together, each sealed by itself, stored in
 * one transaction a county. An error of the database is that of all it was for. */
void ballot_cast_votes(struct app *app, struct ballot_try *tries, int n, int64_t now_ms);

/* Casts one. BALLOT_FINE also where the same try (`nonce`) has cast it already.
 * When it returns 0 with BALLOT_FINE the vote is on the disk. */
int ballot_cast_vote(struct app *app, struct str code, struct str nonce, int64_t kiosk,
		     const unsigned char *options, int n, int64_t now_ms,
		     enum ballot_refusal *ret_refusal, struct err_info *info);

/* The box of a tablet in the hall: its title while people vote. ERR_NOT_FOUND. */
int ballot_kiosk(struct app *app, int64_t box, struct arena *arena, struct ballot_view *ret_view,
		 struct err_info *info);

#endif
