/* SPDX-License-Identifier: Apache-2.0 */
/* One case as JSON: all that its page shows. */
#include "domain/day.h"
#include "domain/day_math.h"
#include "web/pages/pages_ledger.h"

static json_t *json_day(int32_t day)
{
	char text[16];
	day_format(day, text);
	return json_string(text);
}

static json_t *json_gate(const struct ledger_file *f)
{
	json_t *list = json_array();
	for (int i = 0; i < f->n_next; i++) {
		json_t *lines = json_array();
		for (int k = 0; k < f->next[i].gate.n; k++)
			json_array_append_new(lines, json_pack("{s:b, s:s}", "ok", f->next[i].gate.lines[k].ok, "text",
							       f->next[i].gate.lines[k].text));
		json_array_append_new(list, json_pack("{s:s, s:b, s:b, s:o}", "act", case_act_id(f->next[i].act), "may",
						      f->next[i].may, "free", !f->next[i].gate.n_missing, "lines",
						      lines));
	}
	return list;
}

static json_t *json_problems(const struct ledger_file *f)
{
	static const char *const states[] = {"open", "done", "verified", "waived"};
	json_t *list = json_array();
	for (int i = 0; i < f->n_problems; i++) {
		const struct case_problem *p = &f->problems[i];
		json_array_append_new(list, json_pack("{s:I, s:i, s:i, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:i, s:s, s:o}",
						      "id", (json_int_t)p->id, "round", p->round, "place", p->place, "title",
						      p->title, "ref", p->ref, "cause", p->cause, "measure", p->measure,
						      "goal", p->goal, "deadline", json_day(p->deadline), "owner", p->owner,
						      "state", states[p->state], "percent", p->percent, "result", p->result,
						      "done_day", json_day(p->done_day)));
	}
	return list;
}

static json_t *json_events(const struct ledger_file *f)
{
	json_t *list = json_array();
	for (int i = 0; i < f->n_events; i++)
		json_array_append_new(list, json_pack("{s:o, s:s, s:s, s:s, s:i}", "day", json_day(f->events[i].day), "what",
						      case_event_label(f->events[i].act), "who", f->events[i].who,
						      "text", f->events[i].text, "round", f->events[i].round));
	return list;
}

static json_t *json_reasons(const struct ledger_file *f)
{
	json_t *list = json_array();
	for (int i = 0; i < f->n_reasons; i++)
		json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o, s:i}", "label", f->reasons[i].label, "ref",
						      f->reasons[i].ref, "seen", f->reasons[i].seen, "day",
						      json_day(f->reasons[i].day), "round", f->reasons[i].round));
	return list;
}

static json_t *json_files(const struct ledger_file *f)
{
	static const char *const verdicts[] = {"unseen", "good", "explained", "bad"};
	json_t *list = json_array();
	for (int i = 0; i < f->n_files; i++) {
		const struct attachment *a = &f->files[i];
		int verdict = 0;
		for (int k = 0; k < f->n_evidence; k++)
			if (f->evidence[k].attachment == a->id)
				verdict = (int)f->evidence[k].verdict;
		json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:I, s:o, s:o, s:b, s:s}", "id", (json_int_t)a->id,
						      "name", a->name, "what", a->what, "problem",
						      (json_int_t)(a->kind == ATTACHED_PROBLEM ? a->object : 0), "day",
						      json_day(a->day), "added", json_day(day_of_ms(a->added_ms)),
						      "withdrawn", a->withdrawn_ms != 0, "verdict", verdicts[verdict]));
	}
	return list;
}

static json_t *json_helping(const struct ledger_file *f)
{
	json_t *helpers = json_array(), *visits = json_array();
	for (int i = 0; i < f->n_helpers; i++) {
		const struct case_helper *p = &f->helpers[i];
		json_array_append_new(helpers, json_pack("{s:i, s:s, s:s, s:s, s:o, s:o}", "seq", p->seq, "kind",
							 helper_kind_label(p->kind), "name", p->name, "post", p->post,
							 "from", json_day(p->from_day), "to", json_day(p->to_day)));
	}
	for (int i = 0; i < f->n_visits; i++)
		json_array_append_new(visits, json_pack("{s:o, s:s, s:s}", "day", json_day(f->visits[i].day), "name",
							f->visits[i].name, "text", f->visits[i].text));
	return json_pack("{s:o, s:o}", "helpers", helpers, "visits", visits);
}

static json_t *json_secretaries(const struct ledger_file *f)
{
	json_t *list = json_array();
	for (int i = 0; i < f->n_secretaries; i++) {
		const struct case_secretary *s = &f->secretaries[i];
		json_array_append_new(list, json_pack("{s:i, s:b, s:s, s:s, s:s, s:o, s:i}", "seq", s->seq, "vacant",
						      s->was == SECRETARY_VACANT, "old", s->old_name, "new", s->new_name,
						      "source", s->source, "day", json_day(s->new_day), "training_days",
						      s->training_days));
	}
	return list;
}

static json_t *json_end(const struct ledger_file *f)
{
	static const char *const outcomes[] = {"open", "passed", "failed"};
	json_t *sheets = json_array(), *lookbacks = json_array();
	for (int i = 0; i < f->n_sheets; i++) {
		const struct case_sheet *s = &f->sheets[i];
		json_array_append_new(sheets, json_pack("{s:i, s:i, s:o, s:I, s:I, s:s, s:I, s:I, s:I, s:s, s:s}", "round",
							s->round, "attempt", s->attempt, "day", json_day(s->day),
							"score_e4", (json_int_t)s->score_e4, "pass_e4",
							(json_int_t)s->pass_e4, "acceptors", s->acceptors, "heard",
							(json_int_t)s->heard, "satisfied", (json_int_t)s->satisfied,
							"dissatisfied", (json_int_t)s->dissatisfied, "how", s->how,
							"outcome", outcomes[s->outcome]));
	}
	for (int i = 0; i < f->n_lookbacks; i++)
		json_array_append_new(lookbacks, json_pack("{s:i, s:i, s:o, s:o, s:b, s:s}", "round", f->lookbacks[i].round,
							   "seq", f->lookbacks[i].seq, "due",
							   json_day(f->lookbacks[i].due_day), "done",
							   json_day(f->lookbacks[i].done_day), "good", f->lookbacks[i].good,
							   "text", f->lookbacks[i].text));
	return json_pack("{s:o, s:o}", "sheets", sheets, "lookbacks", lookbacks);
}

static json_t *json_money(const struct ledger_file *f)
{
	json_t *list = json_array();
	for (int i = 0; i < f->n_money; i++)
		json_array_append_new(list, json_pack("{s:i, s:s, s:I, s:s}", "year", f->money[i].year, "label",
						      f->money[i].label, "cents", (json_int_t)f->money[i].cents, "note",
						      f->money[i].note));
	return list;
}

json_t *json_ledger_case(struct web_call *call)
{
	const struct ledger_file *f = call->model;
	const char *units;
	json_t *json = json_pack("{s:I, s:I, s:s, s:s, s:s, s:i, s:i, s:I, s:i, s:i, s:b, s:i, s:s, s:s, s:o, s:o, s:o}",
		"id", (json_int_t)f->c.id, "org", (json_int_t)f->c.org, "name", f->c.org_name, "state",
		case_state_id(f->c.state), "label", case_state_label(f->c.state), "round", f->c.round, "attempt",
		f->c.attempt, "version", (json_int_t)f->c.version, "number", f->c.number, "number_year",
		f->c.number_year, "priority", f->c.priority, "alarms", (int)f->alarms, "shows", f->c.shows, "support",
		ledger_support_label(call, f->scheme, f->support_kind, &units), "deadline", json_day(f->c.deadline),
		"published", json_day(f->c.published_day), "election_day", json_day(f->c.election_day));
	if (!json)
		return NULL;
	json_object_set_new(json, "next", json_gate(f));
	json_object_set_new(json, "reasons", json_reasons(f));
	json_object_set_new(json, "problems", json_problems(f));
	json_object_set_new(json, "files", json_files(f));
	json_object_update_new(json, json_helping(f));
	json_object_set_new(json, "secretaries", json_secretaries(f));
	json_object_set_new(json, "money", json_money(f));
	json_object_update_new(json, json_end(f));
	json_object_set_new(json, "events", json_events(f));
	return json;
}
