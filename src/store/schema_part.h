/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of each subject, a migration each (schema.c has their order).
 * Once landed a text never changes: later changes are further migrations. */
#ifndef JW_STORE_SCHEMA_PART_H
#define JW_STORE_SCHEMA_PART_H

extern const char schema_campaign[];
extern const char schema_attachment[];
extern const char schema_case[];
extern const char schema_examination[];
extern const char schema_received[];
extern const char schema_figures[];
extern const char schema_local[];
extern const char schema_self[];
extern const char schema_count[];
extern const char schema_issued[];
extern const char schema_survey[];
extern const char schema_decide[];
extern const char schema_campaign_index[], schema_campaign_code[];
extern const char schema_tally_few[], schema_tally_few_org[], schema_list[], schema_list_hold[];
/* Counts of a tally that are below the floor together (domain/floor.h): no number of
 * two digits, and the digits add up to less than 5. The words of the partial index and
 * of what asks it must be the same. */
#define STORE_DIGIT(d) "(length(counts) - length(replace(counts, '" #d "', ''))) * " #d
#define STORE_TALLY_FEW \
	"length(counts) = 2 * (length(counts) - length(replace(counts, ',', ''))) + 1 AND " \
	STORE_DIGIT(1) " + " STORE_DIGIT(2) " + " STORE_DIGIT(3) " + " STORE_DIGIT(4) " + " \
	STORE_DIGIT(5) " + " STORE_DIGIT(6) " + " STORE_DIGIT(7) " + " STORE_DIGIT(8) " + " \
	STORE_DIGIT(9) " < 5"
extern const char schema_campaign_board[];
extern const char schema_ballot[];
extern const char schema_ballot_case[], schema_ballot_fill[];
extern const char schema_tally[], schema_tally_index[];
extern const char schema_print[];
extern const char schema_live[];
extern const char schema_template[];
extern const char schema_rectified[], schema_leader[], schema_money[], schema_spot_group[];
extern const char schema_helper_goal[];

#endif
