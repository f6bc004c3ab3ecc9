/* SPDX-License-Identifier: Apache-2.0 */
#include "report/scheme_text.h"

#include <stdarg.h>

#include "domain/exact.h"

struct writer {
	struct scheme_text *text;
	const struct scheme *scheme;
	struct scheme_text_section *section;	/* the one being written */
	struct scheme_text_section **next_section;
	struct scheme_text_row **next_row;
	struct scheme_text_line **next_line;
	bool nomem;
};

void scheme_text_done(struct scheme_text *text)
{
	if (!text)
		return;
	arena_done(&text->arena);
	*text = (struct scheme_text){0};
}

/* ---- Making sections ---- */

/* Begins a section; it joins the text with its first row or line. */
static void begin(struct writer *w, const char *title)
{
	w->section = arena_zalloc(&w->text->arena, 1, sizeof(*w->section));
	if (!w->section) {
		w->nomem = true;
		return;
	}
	w->section->title = title;
	w->next_row = &w->section->rows;
	w->next_line = &w->section->lines;
}

/* False without memory: then nothing more is written. */
static bool joined(struct writer *w)
{
	if (w->nomem)
		return false;
	if (!w->section->rows && !w->section->lines) {
		*w->next_section = w->section;
		w->next_section = &w->section->next;
	}
	return true;
}

static void heads(struct writer *w, int n, ...)
{
	va_list args;
	if (w->nomem)
		return;
	w->section->n_columns = n;
	va_start(args, n);
	for (int i = 0; i < n; i++)
		w->section->head[i] = va_arg(args, const char *);
	va_end(args);
}

/* A new row of empty cells; without memory one that nobody sees. */
static struct scheme_text_row *row(struct writer *w, struct scheme_text_row *spare)
{
	struct scheme_text_row *new = NULL;
	if (joined(w)) {
		new = arena_zalloc(&w->text->arena, 1, sizeof(*new));
		if (!new)
			w->nomem = true;
	}
	if (!new)
		new = spare;
	else
		*w->next_row = new;
	if (new != spare)
		w->next_row = &new->next;
	for (int i = 0; i < SCHEME_TEXT_COLUMNS; i++)
		new->cell[i] = "";
	return new;
}

static void cells(struct writer *w, ...)
{
	struct scheme_text_row spare;
	struct scheme_text_row *new = row(w, &spare);
	va_list args;
	va_start(args, w);
	for (int i = 0; !w->nomem && i < w->section->n_columns; i++)
		new->cell[i] = va_arg(args, const char *);
	va_end(args);
}

static void line(struct writer *w, const char *text)
{
	if (!joined(w))
		return;
	struct scheme_text_line *new = arena_zalloc(&w->text->arena, 1, sizeof(*new));
	if (!new) {
		w->nomem = true;
		return;
	}
	new->text = text;
	*w->next_line = new;
	w->next_line = &new->next;
}

/* ---- Phrases ---- */

/* A text of the arena, or "" and no memory. */
static const char *said(struct writer *w, const char *text)
{
	if (!text)
		w->nomem = true;
	return text ? text : "";
}

#define say(w, ...) said(w, arena_printf(&(w)->text->arena, __VA_ARGS__))

static const char *keep(struct writer *w, const struct buf *buf)
{
	return said(w, buf->failed ? NULL : arena_strdup(&w->text->arena, buf_str(buf)));
}

static const char *points(struct writer *w, int32_t e4)
{
	AUTO(buf) struct buf buf = {0};
	decimal_format_e4(&buf, e4);
	return keep(w, &buf);
}

static const char *share(struct writer *w, uint32_t e6)
{
	AUTO(buf) struct buf buf = {0};
	decimal_format_e4(&buf, e6);
	buf_addc(&buf, '%');
	return keep(w, &buf);
}

static const char *joined_texts(struct writer *w, const struct scheme_texts *texts,
				const char *between)
{
	AUTO(buf) struct buf buf = {0};
	for (int i = 0; i < texts->n; i++)
		buf_addf(&buf, "%s%s", i ? between : "", texts->at[i]);
	return keep(w, &buf);
}

/* The names of the bits that are set. */
static const char *names(struct writer *w, uint32_t bits, int n,
			 const char *(*name)(const struct scheme *, int))
{
	AUTO(buf) struct buf buf = {0};
	for (int i = 0; i < n; i++)
		if (bits & 1u << i)
			buf_addf(&buf, "%s%s", buf.len ? "、" : "", name(w->scheme, i));
	return keep(w, &buf);
}

static const char *name_of_field(const struct scheme *s, int i)
{
	(void)s;
	return field_label((enum field)i);
}

static const char *name_of_voters(const struct scheme *s, int i)
{
	(void)s;
	return voters_label((enum voters)i);
}

static const char *name_of_level(const struct scheme *s, int i)
{
	return s->level_label[i];
}

static const char *name_of_category(const struct scheme *s, int i)
{
	return s->categories[i].label;
}

static const char *name_of_grade(const struct scheme *s, int i)
{
	return s->grades[i].label;
}

static const char *name_of_who(const struct scheme *s, int who)
{
	if (who == WHO_TEAM)
		return "调查组";
	if (who == WHO_INSPECTOR)
		return "督查组";
	return s->level_label[who];
}

static const char *categories(struct writer *w, uint32_t bits)
{
	uint32_t all = (1u << w->scheme->n_categories) - 1;
	return (bits & all) == all ? "全部"
		: names(w, bits, w->scheme->n_categories, name_of_category);
}

/* "在同一乡级范围内、分类别"; "" for all. */
static const char *within(struct writer *w, const struct scope *scope)
{
	const char *level = scope->all ? "" : w->scheme->level_label[scope->level];
	return say(w, "%s%s%s%s", scope->all ? "" : "在同一", level,
		   scope->all ? "" : "范围内", scope->by_category ? "分类别" : "");
}

static const char *stars_text(struct writer *w, int stars)
{
	static const char *const digits[] = {"不定星", "一星", "二星", "三星", "四星", "五星"};
	(void)w;
	return digits[stars];
}

static const char *date_text(struct writer *w, struct scheme_date date)
{
	return say(w, "%d 月 %d 日", date.month, date.day);
}

static const char *period(struct writer *w, const struct scheme_step *step)
{
	const char *from = step->from.month ? date_text(w, step->from) : NULL;
	const char *to = step->to.month ? date_text(w, step->to) : NULL;
	if (from && to)
		return strcmp(from, to) == 0 ? from : say(w, "%s至 %s", from, to);
	if (to)
		return say(w, "%s前", to);
	if (from && step->days)
		return say(w, "%s起 %d 天", from, step->days);
	if (from)
		return say(w, "%s起", from);
	return step->days ? say(w, "%d 天", step->days) : "未定";
}

static void texts(struct writer *w, const char *title, const struct scheme_texts *list)
{
	begin(w, title);
	for (int i = 0; i < list->n; i++)
		line(w, list->at[i]);
}

static void named(struct writer *w, const char *title, const struct scheme_named *list, int n)
{
	begin(w, title);
	for (int i = 0; i < n; i++)
		line(w, say(w, "%d. %s", i + 1, list[i].label));
}

/* ---- Grading ---- */

static void write_head(struct writer *w)
{
	const struct scheme *s = w->scheme;
	begin(w, s->title);
	line(w, say(w, "标识：%s", s->id));
	line(w, say(w, "依据：%s", s->source));
	if (s->kind == SCHEME_RECTIFICATION)
		line(w, "用途：只管整顿，不评分定级");
	else
		line(w, say(w, "用途：给%s党组织分类定级", s->level_label[s->graded]));
	if (s->kinds.n)
		line(w, say(w, "只定级：%s", joined_texts(w, &s->kinds, "、")));
	for (int i = 0; i < LEVEL_COUNT; i++)
		if (strcmp(s->level_label[i], level_label((enum level)i)) != 0)
			line(w, say(w, "%s在本方案中叫：%s", level_label((enum level)i),
				    s->level_label[i]));
	texts(w, "文件没有写明、由方案设定的地方", &s->assumptions);

	begin(w, "类别");
	heads(w, 2, "类别", "包括的领域");
	for (int i = 0; i < s->n_categories; i++)
		cells(w, s->categories[i].label,
		      names(w, s->categories[i].fields, FIELD_COUNT, name_of_field));
}

/* Do all categories have the same maxima? */
static bool same_maxima(const struct scheme *s)
{
	for (int i = 0; i < s->n_leaves; i++)
		for (int c = 1; c < s->n_categories; c++)
			if (s->leaves[i].max_by_category_e4[c] != s->leaves[i].max_by_category_e4[0])
				return false;
	return true;
}

static void maxima_row(struct writer *w, const char *label, const struct scheme_leaf *leaf)
{
	struct scheme_text_row spare;
	struct scheme_text_row *new = row(w, &spare);
	new->cell[0] = label;
	for (int c = 0; !w->nomem && c < w->section->n_columns - 1; c++) {
		int32_t max = leaf->max_by_category_e4[c];
		new->cell[c + 1] = max ? points(w, max) : "–";
	}
}

static void write_indicators(struct writer *w)
{
	const struct scheme *s = w->scheme;
	bool same = same_maxima(s);

	begin(w, same ? "指标和满分" : "指标和各类别的满分（– 表示不评）");
	if (w->nomem)
		return;
	w->section->n_columns = same ? 2 : 1 + s->n_categories;
	w->section->head[0] = "指标";
	for (int c = 0; c < w->section->n_columns - 1; c++)
		w->section->head[c + 1] = same ? "满分" : s->categories[c].label;
	for (int i = 0; i < s->n_indicators; i++) {
		const struct scheme_indicator *in = &s->indicators[i];
		maxima_row(w, in->label, &s->leaves[in->leaf]);
		for (int j = 0; j < in->n_items; j++)
			maxima_row(w, say(w, "  其中 %s", in->items[j].label),
				   &s->leaves[in->items[j].leaf]);
	}
	if (s->local.given)
		line(w, say(w, "每个%s党组织可以自设指标，满分合计不超过 %s 分",
			    s->level_label[s->local.per], points(w, s->local.max_total_e4)));
	if (s->scale_to_100)
		line(w, "各类别得分按满分之和折算为百分制");
}

static void write_notes(struct writer *w)
{
	const struct scheme *s = w->scheme;
	begin(w, "评分要点");
	for (int i = 0; i < s->n_indicators; i++) {
		const struct scheme_indicator *in = &s->indicators[i];
		if (in->notes[0])
			line(w, say(w, "%s：%s", in->label, in->notes));
		for (int c = 0; c < s->n_categories; c++)
			if (in->notes_by_category[c])
				line(w, say(w, "%s（%s）：%s", in->label, s->categories[c].label,
					    in->notes_by_category[c]));
		for (int j = 0; j < in->n_items; j++)
			if (in->items[j].notes[0])
				line(w, say(w, "%s／%s：%s", in->label, in->items[j].label,
					    in->items[j].notes));
	}
}

static void write_sources(struct writer *w)
{
	static const char *const who[] = {"上级党组织", "党组织自己", "相关单位", "其他党组织互评",
					  "社会有关方面", "年度考核结果", "会上现场评", ""};
	static const char *const by[] = {"按指标打分", "投票测评", "给 0 到 100 的总分"};
	_Static_assert(ARRAY_LEN(who) == RATED_BY_COUNT, "one phrase for each");
	const struct scheme *s = w->scheme;

	begin(w, "评价主体");
	heads(w, 4, "评价主体", "权重", "怎样评", "谁来评");
	for (int i = 0; i < s->n_sources; i++) {
		const struct scheme_source *source = &s->sources[i];
		const char *rater = source->by == BY_BALLOTS
			? names(w, source->voters, VOTERS_COUNT, name_of_voters) : who[source->who];
		if (source->raters.n)
			rater = say(w, "%s（%s）", rater, joined_texts(w, &source->raters, "、"));
		cells(w, source->label, share(w, source->weight_e6), by[source->by], rater);
	}
	for (int i = 0; i < s->n_sources; i++)
		if (s->sources[i].who == RATED_BY_MUTUAL)
			line(w, "互评不给自己打分");
}

static void write_ballot(struct writer *w)
{
	const struct scheme *s = w->scheme;
	AUTO(buf) struct buf formula = {0};

	begin(w, "党员群众测评");
	heads(w, 2, "选项", "每票折合");
	for (int i = 0; i < s->n_options; i++) {
		const char *p = points(w, s->options[i].points_e4);
		cells(w, s->options[i].label, p);
		buf_addf(&formula, "%s%s×“%s”得票率", i ? " + " : "", p, s->options[i].label);
	}
	if (s->n_options)
		line(w, say(w, "测评得分 = %s；废票不算", keep(w, &formula)));
	for (int i = 0; i < s->n_turnout; i++) {
		const struct scheme_turnout *t = &s->turnout[i];
		const char *voters = names(w, t->voters, VOTERS_COUNT, name_of_voters);
		const char *part = say(w, "%s至少 %s 参加", voters, share(w, t->at_least_e6));
		if (t->everyone_below)
			part = say(w, "%s；少于 %u 人的全部参加", part, t->everyone_below);
		line(w, part);
	}
	for (int i = 0; i < s->n_questions; i++)
		line(w, say(w, "听取意见 %d：%s", i + 1, s->questions[i].label));
}

static void write_grades(struct writer *w)
{
	const struct scheme *s = w->scheme;
	begin(w, "等次");
	heads(w, 3, "等次", "综合得分", "下一年目标");
	for (int i = 0; i < s->n_grades; i++) {
		const struct scheme_grade *grade = &s->grades[i];
		const char *range, *above = i ? points(w, s->grades[i - 1].from_e4) : "";
		if (s->n_grades == 1)
			range = "不限";
		else if (i == s->n_grades - 1)
			range = say(w, "不到 %s", above);
		else if (i)
			range = say(w, "%s 以上，不到 %s", points(w, grade->from_e4), above);
		else
			range = say(w, "%s 以上", points(w, grade->from_e4));
		cells(w, grade->label, range,
		      say(w, "%s%s", grade->goal, grade->measures ? "（要写出整改措施）" : ""));
	}
	if (s->n_grades)
		line(w, say(w, "综合得分四舍五入，保留 %d 位小数，按公布的得分定等次", s->places));
	for (int i = 0; i < s->n_quotas; i++)
		line(w, say(w, "“%s”%s%s不少于 %s；不够的由得分最低的补足，得分相同的同等对待",
			    s->grades[s->quotas[i].grade].label,
			    s->quotas[i].grade < s->n_grades - 1 ? "及以下" : "",
			    within(w, &s->quotas[i].scope), share(w, s->quotas[i].at_least_e6)));
	if (s->n_grades)
		line(w, say(w, "排名%s进行", s->ranking.all && !s->ranking.by_category
			    ? "在全部范围内" : within(w, &s->ranking)));
	for (int i = 0; i < s->n_ties; i++)
		line(w, say(w, "得分相同时%s比%s", i ? "再" : "先", s->sources[s->ties[i]].label));
}

static const char *approval_of_star(struct writer *w, int stars)
{
	const struct scheme *s = w->scheme;
	for (int i = 0; i < s->n_approval; i++)
		if (s->approval[i].stars & 1u << stars)
			return s->level_label[s->approval[i].level];
	return "";
}

static void write_stars(struct writer *w)
{
	const struct scheme *s = w->scheme;
	begin(w, "评星晋位（依次执行，已评上星的不再参加下一条）");
	heads(w, 4, "星级", "给哪个等次", "条件", "审定");
	for (int i = 0; i < s->n_stars; i++) {
		const struct scheme_star_rule *rule = &s->stars[i];
		const char *cap = "", *from = "";
		if (rule->has_cap)
			cap = say(w, "%s不超过该等次的 %s", within(w, &rule->scope),
				  share(w, rule->at_most_e6));
		if (rule->has_from)
			from = say(w, "%s 分以上", points(w, rule->from_e4));
		cells(w, stars_text(w, rule->stars), s->grades[rule->grade].label,
		      cap[0] || from[0] ? say(w, "%s%s%s", cap, cap[0] && from[0] ? "，" : "", from)
					: "其余全部",
		      approval_of_star(w, rule->stars));
	}
	if (s->n_stars)
		return;
	begin(w, "审定权限");
	for (int i = 0; i < s->n_approval; i++)
		line(w, say(w, "%s：%s审定",
			    names(w, s->approval[i].grades, s->n_grades, name_of_grade),
			    s->level_label[s->approval[i].level]));
}

/* ---- The year ---- */

static void write_steps(struct writer *w)
{
	const struct scheme *s = w->scheme;
	begin(w, "步骤");
	heads(w, 3, "步骤", "由谁做", "时间");
	for (int i = 0; i < s->n_steps; i++)
		cells(w, s->steps[i].label, name_of_who(s, (int)s->steps[i].who),
		      period(w, &s->steps[i]));
	for (int i = 0; i < s->n_steps; i++)
		if (s->steps[i].notes[0])
			line(w, say(w, "%s：%s", s->steps[i].label, s->steps[i].notes));
}

static const char *red_text(struct writer *w, const struct scheme_question *q)
{
	static const char *const sign[] = {
		[RED_EQUAL] = "等于", [RED_BELOW] = "小于", [RED_AT_MOST] = "不超过",
		[RED_ABOVE] = "大于", [RED_AT_LEAST] = "不小于"};
	AUTO(buf) struct buf buf = {0};
	switch (q->red) {
	case RED_NEVER: return "";
	case RED_YES: return "是";
	case RED_NO: return "否";
	case RED_CHOICES:
		for (int i = 0; i < q->choices.n; i++)
			if (q->red_choices & 1u << i)
				buf_addf(&buf, "%s%s", buf.len ? "、" : "", q->choices.at[i]);
		return keep(w, &buf);
	default:
		return say(w, "%s %s", sign[q->red], points(w, q->red_e4));
	}
}

static const char *support_text(int kind)
{
	static const char *const text[] = {"软", "穷", "乱", "产业"};
	return text[kind];
}

/* What a warning means: "整顿标准第 1 条；帮扶类型：软". */
static const char *warning(struct writer *w, const struct scheme_question *q)
{
	const char *criterion = q->criterion >= 0 ? say(w, "整顿标准第 %d 条", q->criterion + 1) : "";
	const char *support = q->support >= 0 ? say(w, "帮扶类型：%s", support_text(q->support)) : "";
	return say(w, "%s%s%s%s", criterion, criterion[0] && support[0] ? "；" : "", support,
		   q->condition ? "；逐级汇总" : "");
}

static void write_survey(struct writer *w)
{
	const struct scheme *s = w->scheme;
	begin(w, "调查摸底");
	heads(w, 5, "问题", "怎样答", "问哪些类别", "预警", "预警说明");
	for (int i = 0; i < s->n_survey; i++) {
		const struct scheme_question *q = &s->survey[i];
		const char *ask = q->ask == ASK_YES_NO ? "是否"
			: q->ask == ASK_CHOICE ? joined_texts(w, &q->choices, "/")
			: q->ask == ASK_TEXT ? "文字"
			: q->unit[0] ? say(w, "数字（%s）", q->unit) : "数字";
		cells(w, q->label, ask, categories(w, q->categories), red_text(w, q),
		      warning(w, q));
	}
	for (int i = 0; s->coverage.given && i < VOTERS_COUNT; i++)
		if (s->coverage.at_least_e6[i])
			line(w, say(w, "%s参与率至少 %s", voters_label((enum voters)i),
				    share(w, s->coverage.at_least_e6[i])));
	if (s->coverage.channels.n)
		line(w, say(w, "听取意见的方式：%s", joined_texts(w, &s->coverage.channels, "、")));
	if (s->teams.count)
		line(w, say(w, "组成 %d 个调查组", s->teams.count));
	if (s->teams.hear.n)
		line(w, say(w, "着重听取：%s", joined_texts(w, &s->teams.hear, "、")));
}

static void write_duties(struct writer *w)
{
	static const char *const shows[] = {"等次", "星级", "得分", "排名"};
	const struct scheme *s = w->scheme;
	AUTO(buf) struct buf show = {0};

	begin(w, "自评、征求意见、会议、公示和督查");
	if (s->self.report || s->self.propose || s->self.confirm || s->self.seal)
		line(w, say(w, "自评要：打分%s%s%s%s", s->self.report ? "、写自评报告" : "",
			    s->self.propose ? "、自报等次" : "",
			    s->self.confirm ? "、包村干部确认" : "",
			    s->self.seal ? "、盖公章" : ""));
	if (s->consult)
		line(w, say(w, "定级前征求行业主管部门党组织意见：%s",
			    names(w, s->consult, FIELD_COUNT, name_of_field)));
	if (s->meetings.grading[0])
		line(w, say(w, "定级由%s研究", s->meetings.grading));
	if (s->meetings.rectify[0])
		line(w, say(w, "整顿对象由%s研究确定", s->meetings.rectify));
	for (int i = 0; i < (int)ARRAY_LEN(shows); i++)
		if (s->publicity.show & 1u << i)
			buf_addf(&show, "、%s", shows[i]);
	if (s->publicity.given)
		line(w, say(w, "公示 %d 天：名称%s%s", s->publicity.days, keep(w, &show),
			    s->publicity.plans ? "；整改方案也公示" : ""));
	if (s->inspection.given)
		line(w, say(w, "督查抽查%s：每个%s都抽到%s",
			    s->inspection.teams ? say(w, "（%d 个组）", s->inspection.teams) : "",
			    s->level_label[s->inspection.cover],
			    s->inspection.unannounced ? "，不打招呼" : ""));
}

static void write_reports(struct writer *w)
{
	const struct scheme *s = w->scheme;
	begin(w, "上报材料");
	heads(w, 4, "材料", "由谁报", "最迟", "用表");
	for (int i = 0; i < s->n_reports; i++)
		cells(w, s->reports[i].label, name_of_who(s, (int)s->reports[i].who),
		      date_text(w, s->reports[i].by), joined_texts(w, &s->reports[i].forms, "、"));
}

/* ---- Rectification ---- */

static const char *reason(struct writer *w, const struct scheme_rectify *r)
{
	const struct scheme *s = w->scheme;
	const char *grades = r->grades ? names(w, r->grades, s->n_grades, name_of_grade)
				       : joined_texts(w, &r->grade_names, "、");
	switch (r->because) {
	case BECAUSE_GRADE: return say(w, "定级为%s的", grades);
	case BECAUSE_BOTTOM:
		return say(w, "%s得分倒排最后 %s 的", within(w, &r->scope), share(w, r->at_least_e6));
	case BECAUSE_CRITERIA: return "符合任何一条整顿标准的";
	case BECAUSE_CARRIED_OVER: return "以前定为后进、尚未转化的";
	case BECAUSE_EXAMINATION: return say(w, "上年度考核为%s的", grades);
	case BECAUSE_BALLOT: return say(w, "群众测评低于 %s 分的", points(w, r->below_e4));
	case BECAUSE_NOMINATED:
		return r->has_at_least_one ? say(w, "党委提名的，每个%s不少于 1 个", s->level_label[r->one_per])
					   : "党委提名的";
	}
	return "";
}

static void write_rectify(struct writer *w)
{
	const struct scheme *s = w->scheme;
	uint32_t all = (1u << s->n_categories) - 1;

	begin(w, "整顿对象");
	for (int i = 0; i < s->n_rectify; i++)
		line(w, s->rectify[i].categories == all ? reason(w, &s->rectify[i])
			: say(w, "%s（只限%s）", reason(w, &s->rectify[i]),
			      categories(w, s->rectify[i].categories)));
	named(w, "整顿标准", s->criteria, s->n_criteria);
	named(w, "重点整顿的情形", s->aggravating, s->n_aggravating);

	begin(w, "问题菜单");
	for (int i = 0; i < s->n_problems; i++)
		line(w, s->problems[i].measures.n
			? say(w, "%d. %s——%s", i + 1, s->problems[i].label,
			      joined_texts(w, &s->problems[i].measures, "；"))
			: say(w, "%d. %s", i + 1, s->problems[i].label));
	begin(w, "分类帮扶");
	for (int i = 0; i < s->n_support; i++)
		line(w, say(w, "%s：%s", s->support[i].label,
			    joined_texts(w, &s->support[i].units, "、")));
	named(w, "保障项目（按年记金额）", s->guarantees, s->n_guarantees);
	named(w, "新任书记来源", s->secretary_sources, s->n_secretary_sources);
}

static void write_case(struct writer *w)
{
	const struct scheme *s = w->scheme;
	const struct scheme_acceptance *a = &s->acceptance;
	AUTO(buf) struct buf months = {0};

	if (!s->n_rectify)
		return;
	begin(w, a->given ? "验收、销号和回头看" : "验收、销号和回头看（方案未写，按默认）");
	heads(w, 2, "验收项目", "满分");
	for (int i = 0; i < a->n_items; i++)
		cells(w, a->items[i].label, points(w, a->items[i].max_e4));
	line(w, say(w, "由%s验收，%s；%s 分合格；不满意的超过 %s 不合格",
		    names(w, a->levels, LEVEL_COUNT, name_of_level),
		    a->at_end ? "整顿结束后统一进行" : "整顿好一个、验收一个、销号一个",
		    points(w, a->pass_e4), share(w, a->dissatisfied_e6)));
	if (s->cases.at_most_months)
		line(w, say(w, "整顿期限 %d 到 %d 个月", s->cases.at_least_months,
			    s->cases.at_most_months));
	for (int i = 0; i < s->cases.n_lookbacks; i++)
		buf_addf(&months, "%s%d", i ? "、" : "", s->cases.lookback_months[i]);
	line(w, say(w, "销号后第 %s 个月回头看", keep(w, &months)));
	line(w, say(w, "新任书记至少培训 %d 天；不到 %d 天就验收的提示核实；%d 年没有明显变化的问责",
		    s->cases.training_days, s->cases.quick_days, s->cases.stuck_years));
}

int scheme_text_make(struct scheme_text *ret_text, const struct scheme *scheme,
		     struct err_info *info)
{
	struct scheme_text text = {0};
	struct writer w = {.text = &text, .scheme = scheme, .next_section = &text.first};

	write_head(&w);
	write_indicators(&w);
	write_notes(&w);
	write_sources(&w);
	write_ballot(&w);
	write_grades(&w);
	write_stars(&w);
	write_steps(&w);
	write_survey(&w);
	write_duties(&w);
	write_reports(&w);
	write_rectify(&w);
	write_case(&w);
	texts(&w, "其他要求", &scheme->remarks);
	if (w.nomem) {
		scheme_text_done(&text);
		return err_nomem(info);
	}
	*ret_text = text;
	return 0;
}
