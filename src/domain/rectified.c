/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/rectified.h"

static const char *const figures[RECTIFIED_COUNT][2] = {
	[RECTIFIED_CARRIED] = {"carried", "年初在账"},
	[RECTIFIED_LISTED] = {"listed", "今年列入"},
	[RECTIFIED_WRITTEN_OFF] = {"written-off", "今年销号"},
	[RECTIFIED_IN_TIME] = {"in-time", "按期完成"},
	[RECTIFIED_OPEN] = {"open", "还在整顿"},
	[RECTIFIED_OVERDUE] = {"overdue", "逾期"},
	[RECTIFIED_REJECTED] = {"rejected", "验收没通过"},
	[RECTIFIED_RELAPSED] = {"relapsed", "反弹"},
	[RECTIFIED_STUCK] = {"stuck", "多年没有变化"},
};

const char *rectified_id(enum rectified figure) { return figures[figure][0]; }
const char *rectified_label(enum rectified figure) { return figures[figure][1]; }

int32_t rectified_as_of(int year, int32_t today)
{
	int32_t last = year * 10000 + 1231;
	return today < last ? today : last;
}

static uint32_t bit(enum rectified figure, bool on)
{
	return on ? UINT32_C(1) << figure : 0;
}

uint32_t rectified_of(const struct rectified_facts *f, int year, int32_t as_of)
{
	const int32_t first = year * 10000 + 101;
	bool in = false, off = false, carried = false, begun = false;
	uint32_t bits = 0;
	for (int i = 0; i < f->n_turns; i++) {
		const struct rectified_turn *t = &f->turns[i];
		if (t->day > as_of)
			continue;
		if (!begun && t->day >= first) {
			carried = in;
			begun = true;
		}
		if (t->act == CASE_APPROVE || t->act == CASE_RELAPSE) {
			in = true;
			off = false;
		} else if (t->act == CASE_WRITE_OFF) {
			in = false;
			off = t->day >= first;
		} else if (t->act == CASE_DROP) {
			in = off = false;
		}
		bits |= bit(RECTIFIED_LISTED, t->act == CASE_APPROVE && t->day >= first) |
			bit(RECTIFIED_REJECTED, t->act == CASE_REJECT && t->day >= first) |
			bit(RECTIFIED_RELAPSED, t->act == CASE_RELAPSE && t->day >= first);
	}
	if (!begun)
		carried = in;
	bool late = (f->deadline && f->deadline < as_of) || (f->open_deadline && f->open_deadline < as_of);
	bool in_time = !f->done_late && (!f->deadline || f->accepted_day <= f->deadline);
	return bits | bit(RECTIFIED_CARRIED, carried) | bit(RECTIFIED_WRITTEN_OFF, off) |
	       bit(RECTIFIED_IN_TIME, off && in_time) | bit(RECTIFIED_OPEN, in) |
	       bit(RECTIFIED_OVERDUE, in && late) | bit(RECTIFIED_STUCK, in && f->stuck);
}
