/* SPDX-License-Identifier: Apache-2.0 */
#include "web/form.h"

#include <assert.h>
#include <string.h>

enum { LONG_FORM = 14 };	/* fields */

static const struct web_field *field_of(const struct form *form, const char *name)
{
	int i = web_field_find(form->fields, str_from(name));
	assert(i >= 0);		/* a row for a field that the route does not declare */
	return &form->fields[i];
}

static const char *error_of(const struct form *form, const struct web_field *field)
{
	return form->again ? form->call->typed_errors[field - form->fields] : NULL;
}

/* What was typed into a field, or `value`. */
static struct str shown(const struct form *form, const struct web_field *field, const char *value)
{
	const struct web_params *typed = &form->call->typed;

	if (field->type == WEB_SECRET || field->type == WEB_FILE)
		return (struct str){0};
	for (int i = 0; form->again && i < typed->n; i++)
		if (str_eqs(typed->at[i].name, field->name))
			return typed->at[i].value;
	return form->again ? (struct str){0} : str_from(value);
}

static bool was_ticked(const struct form *form, const struct web_field *field, const char *id,
		       const char *const *ticked)
{
	const struct web_params *typed = &form->call->typed;

	for (int i = 0; form->again && i < typed->n; i++)
		if (str_eqs(typed->at[i].name, field->name) && str_eqs(typed->at[i].value, id))
			return true;
	for (; !form->again && ticked && *ticked; ticked++)
		if (strcmp(*ticked, id) == 0)
			return true;
	return false;
}

void form_problem(struct web_call *call, struct html *h, const struct web_field *fields)
{
	if (!call->problem || call->typed_fields != fields)
		return;
	html(h, "<p class='problem' role='alert'>{}", call->problem);
	for (int i = 0; fields && fields[i].name; i++)
		if (call->typed_errors[i])
			html(h, "<br>{}：{}", fields[i].label, call->typed_errors[i]);
	html(h, "</p>\n");
	call->problem_said = true;
}

const char *form_typed(struct web_call *call, const struct web_field *fields, const char *name, int nth,
		       const char *otherwise)
{
	for (int i = 0; call->typed_fields == fields && i < call->typed.n; i++) {
		struct str value = call->typed.at[i].value;
		if (str_eqs(call->typed.at[i].name, name) && nth-- == 0)
			return arena_strndup(call->arena, value.data ? value.data : "", value.len);
	}
	return otherwise;
}

void form_filter_day(struct web_call *call, struct html *h, const char *name, const char *value)
{
	const struct web_field *fields = call->route->fields;
	int i = web_field_find(fields, str_from(name));

	assert(i >= 0);
	html(h, "<label>{} <input class='day' name='{}' value='{}' placeholder='2026-01-01' inputmode='numeric'",
	     fields[i].label, name, form_typed(call, fields, name, 0, value));
	if (call->typed_fields == fields && call->typed_errors[i])
		html(h, " aria-invalid='true'");
	html(h, "></label>");
}

static bool typed_is(const struct web_call *call, const char *name, const char *value)
{
	for (int i = 0; i < call->typed.n; i++)
		if (str_eqs(call->typed.at[i].name, name))
			return str_eqs(call->typed.at[i].value, value);
	return false;
}

/* Several forms of a page may have the same fields: the address tells them apart. */
static bool was_sent(const struct web_call *call, const char *action, const struct web_field *fields)
{
	struct str path = {action, strcspn(action, "?")};
	return fields && call->typed_fields == fields && str_eq(call->request->path, path);
}

static bool has_file(const struct web_field *fields)
{
	for (int i = 0; fields && fields[i].name; i++)
		if (fields[i].type == WEB_FILE)
			return true;
	return false;
}

static struct form begin(struct web_call *call, struct html *h, const char *action,
			 const struct web_field *fields, bool again)
{
	struct form form = {call, h, fields, again, ""};
	const char *nth = ++call->n_forms > 1 ? arena_printf(call->arena, "%d", call->n_forms) : NULL;
	if (nth)
		form.nth = nth;
	/* Long forms stand in two columns where there is room. */
	html(h, "<form class='form-rows{}' method='post' action='{}' novalidate",
	     web_field_count(fields) > LONG_FORM ? " two" : "", action);
	if (has_file(fields))
		html(h, " enctype='multipart/form-data' hx-encoding='multipart/form-data'");
	html(h, ">\n<input type='hidden' name='_csrf' value='{}'>\n", call->csrf);
	if (again && call->problem) {
		html(h, "<p class='problem' role='alert'>{}</p>\n", call->problem);
		call->problem_said = true;
	}
	return form;
}

struct form form_begin(struct web_call *call, struct html *h, const char *action,
		       const struct web_field *fields)
{
	return begin(call, h, action, fields, was_sent(call, action, fields));
}

struct form form_fold(struct web_call *call, struct html *h, const char *summary, const char *action,
		      const struct web_field *fields, const char *key, const char *value)
{
	bool again = was_sent(call, action, fields) && (!key || typed_is(call, key, value));

	html(h, "<details class='fold'");
	if (again)
		html(h, " open");
	html(h, "><summary>{}</summary>\n", summary);
	struct form form = begin(call, h, action, fields, again);
	if (key)
		form_hidden(&form, key, value);
	return form;
}

/* The attributes all kinds of inputs share. */
static void write_attributes(const struct form *form, const struct web_field *field)
{
	struct html *h = form->h;
	const char *error = error_of(form, field);

	html(h, " id='f{}-{}' name='{}'", form->nth, field->name, field->name);
	if (field->required)
		html(h, " required");
	if (error)
		html(h, " aria-invalid='true'");
	if (error && field->hint)
		html(h, " aria-describedby='e{}-{} h{}-{}'", form->nth, field->name, form->nth, field->name);
	else if (error)
		html(h, " aria-describedby='e{}-{}'", form->nth, field->name);
	else if (field->hint)
		html(h, " aria-describedby='h{}-{}'", form->nth, field->name);
}

static void write_choices(const struct form *form, const struct web_field *field,
			  const char *value, const struct web_choice *choices)
{
	struct html *h = form->h;
	struct str now = shown(form, field, value);

	html(h, "<select");
	write_attributes(form, field);
	html(h, ">");
	if (!field->required || !now.len)
		html(h, "<option value=''>{}</option>", field->required ? "请选择" : "（不填）");
	struct web_field given = *field;
	struct web_choice choice;
	if (choices)
		given = (struct web_field){.choices = choices};
	for (int i = 0; web_choice_at(&given, i, &choice); i++) {
		html(h, "<option value='{}'", choice.id);
		if (str_eqs(now, choice.id))
			html(h, " selected");
		html(h, ">{}</option>", choice.label);
	}
	html(h, "</select>");
}

static void write_input(const struct form *form, const struct web_field *field, const char *value)
{
	struct html *h = form->h;
	struct str now = shown(form, field, value);

	switch (field->type) {
	case WEB_AREA:
		html(h, "<textarea rows='3'");
		write_attributes(form, field);
		html(h, ">\n{}</textarea>", now);
		return;
	case WEB_SECRET:
		html(h, "<input type='password' autocomplete='{}'",
		     strncmp(field->name, "new", 3) == 0 ? "new-password" : "current-password");
		break;
	case WEB_INT:
		html(h, "<input type='text' inputmode='numeric' class='num' autocomplete='off'");
		break;
	case WEB_DATE:
		html(h, "<input type='text' inputmode='numeric' class='num' autocomplete='off' "
			"placeholder='2026-01-31'");
		break;
	case WEB_FILE:
		/* A browser's own button would speak the browser's language. */
		html(h, "<span class='file'><input type='file' accept='{}'", field->pattern ? field->pattern : ".xlsx,.xls,.csv");
		break;
	default:
		html(h, "<input type='text' autocomplete='{}'",
		     strcmp(field->name, "login") == 0 ? "username" : "off");
	}
	write_attributes(form, field);
	if (field->type != WEB_SECRET && field->type != WEB_FILE)
		html(h, " value='{}'", now);
	html(h, ">");
	if (field->type == WEB_FILE)
		html(h, "<span class='none' aria-hidden='true'>还没有选择文件</span></span>");
}

static void write_below(const struct form *form, const struct web_field *field)
{
	const char *error = error_of(form, field);

	if (error)
		html(form->h, "<p class='err' id='e{}-{}'>{}</p>", form->nth, field->name, error);
	if (field->hint)
		html(form->h, "<p class='hint' id='h{}-{}'>{}</p>", form->nth, field->name, field->hint);
}

static void write_label(const struct form *form, const struct web_field *field)
{
	html(form->h, "<div class='row{}'><label", field->type == WEB_AREA ? " wide" : "");
	if (field->required)
		html(form->h, " class='req'");
	html(form->h, " for='f{}-{}'>{}</label>", form->nth, field->name, field->label);
}

void form_row(const struct form *form, const char *name, const char *value)
{
	const struct web_field *field = field_of(form, name);

	if (field->type == WEB_CHOICE) {
		form_row_choice(form, name, value, NULL);
		return;
	}
	if (field->type == WEB_FLAG) {
		struct str now = shown(form, field, value);
		html(form->h, "<div class='row'><span class='lab'></span>"
			      "<label class='tick'><input type='checkbox' value='1'");
		write_attributes(form, field);
		if (str_eqs(now, "1"))
			html(form->h, " checked");
		html(form->h, ">{}</label>", field->label);
	} else {
		write_label(form, field);
		write_input(form, field, value);
	}
	write_below(form, field);
	html(form->h, "</div>\n");
}

void form_row_choice(const struct form *form, const char *name, const char *value,
		     const struct web_choice *choices)
{
	const struct web_field *field = field_of(form, name);

	write_label(form, field);
	write_choices(form, field, value, choices);
	write_below(form, field);
	html(form->h, "</div>\n");
}

void form_row_many(const struct form *form, const char *name, const char *const *ticked,
		   const struct web_choice *choices)
{
	const struct web_field *field = field_of(form, name);
	struct html *h = form->h;

	html(h, "<fieldset class='row'><legend class='vh'>{}</legend>"
		"<span class='lab' aria-hidden='true'>{}</span><div class='ticks'>",
	     field->label, field->label);
	for (int i = 0; choices && choices[i].id; i++) {
		html(h, "<label class='tick'><input type='checkbox' name='{}' value='{}'", name,
		     choices[i].id);
		if (was_ticked(form, field, choices[i].id, ticked))
			html(h, " checked");
		html(h, ">{}</label>", choices[i].label);
	}
	html(h, "</div>");
	write_below(form, field);
	html(h, "</fieldset>\n");
}

void form_hidden(const struct form *form, const char *name, const char *value)
{
	const struct web_field *field = field_of(form, name);
	html(form->h, "<input type='hidden' name='{}' value='{}'>\n", field->name, value);
}

void form_end(const struct form *form, const char *button, const char *kind, const char *back)
{
	html(form->h, "<div class='row wide'><span class='lab'></span><div class='acts'>"
		      "<button class='btn {}'>{}</button>", kind, button);
	if (back)
		html(form->h, "<a class='btn' href='{}'>取消</a>", back);
	html(form->h, "</div>");
	/* A large file takes a while to go and to be read. */
	if (has_file(form->fields))
		html(form->h, "<p class='busy'><progress></progress>正在上传、检查，请稍等</p>");
	html(form->h, "</div>\n</form>\n");
}
