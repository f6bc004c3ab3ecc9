/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Anonymous ballots (spec: ballots.md): the parts that are pure. Codes of
 * slips, the form of an answered ballot before it is sealed, the states of a
 * box and of a slip, and the equations that the figures of a box must keep.
 */
#ifndef JW_DOMAIN_BALLOT_H
#define JW_DOMAIN_BALLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "domain/level.h"

enum {
	BALLOT_CODE_LEN = 28,		/* 27 signs for 128 bits, and a check sign */
	BALLOT_CODE_BYTES = 16,
	BALLOT_GROUP_LEN = 4,		/* signs of a group as printed */
	BALLOT_PRINTED_LEN = 34,	/* seven groups with blanks between */
	BALLOT_OPTIONS_MAX = 8,
	BALLOT_ITEMS_MAX = 40,		/* answers of one ballot: organisations × questions */
	BALLOT_ORGS_MAX = 40,
	BALLOT_QUESTIONS_MAX = 20,
	BALLOT_COUNTERS_MIN = 2,
	BALLOT_COUNTERS_MAX = 3,
	BALLOT_HEADS_MAX = 20000,	/* voters of one class in one box */
	BALLOT_SLIPS_MAX = 50000,	/* slips ever printed for one box */
	BALLOT_PLAIN_LEN = 64,		/* every answered ballot, padded */
	BALLOT_SPARE_PERCENT = 10,
};

/* Stored; never renumber. */
enum box_state {
	BOX_DRAFT = 0,		/* set up; nobody holds a key */
	BOX_KEYED = 1,		/* the counters have set their phrases */
	BOX_TESTED = 2,		/* a test ballot was sealed and opened */
	BOX_OPEN = 3,		/* people vote */
	BOX_CLOSED = 4,
	BOX_COUNTED = 5,	/* opened, counted, ballots destroyed */
	BOX_VOID = 6,		/* given up; to be held again */
	BOX_STATE_COUNT,
};

/* Stored; never renumber. */
enum slip_state {
	SLIP_INACTIVE = 0,	/* printed */
	SLIP_ACTIVE = 1,
	SLIP_SPENT = 2,
	SLIP_VOIDED = 3,
	SLIP_EXCHANGED = 4,	/* handed in for a sheet of paper */
	SLIP_STATE_COUNT,
};

/* 已设置, 监票人已设口令 …; 未启用, 已启用 … */
const char *box_state_label(enum box_state state);
const char *slip_state_label(enum slip_state state);

/* ---- codes ---- */

/* The code of 16 random bytes: no sign looks like another. */
void ballot_code_make(const unsigned char bytes[BALLOT_CODE_BYTES],
		      char ret_code[BALLOT_CODE_LEN + 1]);

/* In groups, as printed and read out. */
void ballot_code_print(const char code[BALLOT_CODE_LEN + 1], char ret_text[BALLOT_PRINTED_LEN + 1]);

/*
 * Reads what somebody typed or scanned: small letters, full-width signs, blanks
 * and hyphens are fine, and so is an address that ends in "#CODE". ERR_INPUT
 * says what is wrong; one wrong sign and two neighbours swapped are always found.
 */
int ballot_code_read(struct str typed, char ret_code[BALLOT_CODE_LEN + 1], struct err_info *info);

/* ---- an answered ballot ---- */

struct ballot_answers {
	int64_t box;
	enum voters class;
	int n;					/* items */
	unsigned char option[BALLOT_ITEMS_MAX];	/* per item, organisation by organisation */
};

/* Always BALLOT_PLAIN_LEN bytes. */
void ballot_pack(const struct ballot_answers *answers, unsigned char ret_plain[BALLOT_PLAIN_LEN]);

/* ERR_INPUT unless it is a ballot of this box with `n` answers below `options`. */
int ballot_unpack(const unsigned char plain[BALLOT_PLAIN_LEN], int64_t box, int n, int options,
		  struct ballot_answers *ret_answers);

/* ---- the figures of a class ---- */

struct ballot_figures {
	int64_t head;		/* voters there are */
	int64_t present;
	int64_t printed;	/* slips */
	int64_t by_state[SLIP_STATE_COUNT];
	int64_t sheets;		/* of paper, counted; -1: not yet */
};

/* How many slips are printed for a head-count: 10 % more, at least one. */
int64_t ballot_slips_for(int64_t heads);

/* Ballots there are: by phone, and sheets as far as they are counted. */
int64_t ballot_cast(const struct ballot_figures *figures);

/*
 * The equations of ballots.md: slips printed = voided + cast by phone +
 * exchanged + not returned; sheets counted ≤ exchanged; cast ≤ present.
 * `closing`: no slip may be left that was never activated or voided. ERR_STATE
 * says in Chinese which does not hold, with its figures.
 */
int ballot_check(const struct ballot_figures *figures, enum voters class, bool closing,
		 struct err_info *info);

#endif
