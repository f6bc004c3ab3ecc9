/* SPDX-License-Identifier: Apache-2.0 */
#include "web/openapi.h"

#include <stdio.h>
#include <string.h>

static void set_range(json_t *schema, const struct web_field *field, const char *min,
		      const char *max)
{
	if (field->min)
		json_object_set_new(schema, min, json_integer(field->min));
	if (field->max)
		json_object_set_new(schema, max, json_integer(field->max));
}

static json_t *choices_of(const struct web_field *field)
{
	struct web_choice choice;
	json_t *ids = json_array();

	for (int i = 0; web_choice_at(field, i, &choice); i++)
		json_array_append_new(ids, json_string(choice.id));
	return ids;
}

static json_t *schema_of(const struct web_field *field)
{
	json_t *schema = json_object();
	const char *type = "string";

	switch (field->type) {
	case WEB_TEXT:
	case WEB_AREA:
	case WEB_SECRET:
		set_range(schema, field, "minLength", "maxLength");
		break;
	case WEB_INT:
		type = "integer";
		set_range(schema, field, "minimum", "maximum");
		break;
	case WEB_DATE:
		json_object_set_new(schema, "format", json_string("date"));
		break;
	case WEB_CHOICE:
		if (field->choices || field->choice_at)
			json_object_set_new(schema, "enum", choices_of(field));
		break;
	case WEB_FLAG:
		type = "boolean";
		break;
	case WEB_FILE:
		json_object_set_new(schema, "format", json_string("binary"));
		break;
	}
	json_object_set_new(schema, "type", json_string(type));
	if (field->many)
		schema = json_pack("{s:s, s:i, s:o}", "type", "array", "maxItems",
				   (int)WEB_MANY_MAX, "items", schema);
	json_object_set_new(schema, "title", json_string(field->label));
	if (field->hint)
		json_object_set_new(schema, "description", json_string(field->hint));
	return schema;
}

static bool in_path(const struct web_route *route, const char *name)
{
	char hole[80];
	snprintf(hole, sizeof(hole), "{%s}", name);
	return strstr(route->path, hole) != NULL;
}

static json_t *parameters_of(const struct web_route *route)
{
	json_t *list = json_array();

	for (int i = 0; route->fields && route->fields[i].name; i++) {
		const struct web_field *f = &route->fields[i];
		bool path = in_path(route, f->name);
		if (!path && route->method == WEB_POST)
			continue;
		json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:o}", "name", f->name, "in",
						      path ? "path" : "query", "required",
						      path || f->required, "schema", schema_of(f)));
	}
	return list;
}

static json_t *body_of(const struct web_route *route)
{
	json_t *properties = json_object(), *required = json_array();
	bool file = false;

	for (int i = 0; route->fields && route->fields[i].name; i++) {
		const struct web_field *f = &route->fields[i];
		if (in_path(route, f->name))
			continue;
		file |= f->type == WEB_FILE;
		json_object_set_new(properties, f->name, schema_of(f));
		if (f->required)
			json_array_append_new(required, json_string(f->name));
	}
	json_t *schema = json_pack("{s:s, s:o, s:b}", "type", "object", "properties", properties,
				   "additionalProperties", 0);
	if (json_array_size(required))
		json_object_set(schema, "required", required);
	json_decref(required);
	return json_pack("{s:{s:{s:o}}}", "content",
			 file ? "multipart/form-data" : "application/json", "schema", schema);
}

static json_t *operation_of(const struct web_route *route)
{
	json_t *op = json_pack("{s:s, s:o, s:{s:{s:s}, s:{s:s, s:{s:{s:{s:s}}}}}}",
			       "summary", route->help, "parameters", parameters_of(route),
			       "responses",
			       "200", "description", "成功",
			       "default", "description", "出错（RFC 9457）",
			       "content", "application/problem+json", "schema",
			       "$ref", "#/components/schemas/Problem");
	if (route->method == WEB_POST)
		json_object_set_new(op, "requestBody", body_of(route));
	if (route->access == WEB_SIGNED_IN || route->access == WEB_RIGHT)
		json_object_set_new(op, "security", json_pack("[{s:[]}]", "session"));
	return op;
}

json_t *openapi_make(const struct web_route *routes, const char *version)
{
	json_t *paths = json_object();

	for (const struct web_route *r = routes; r->path; r++) {
		json_t *item = json_object_get(paths, r->path);
		if (!item) {
			item = json_object();
			json_object_set_new(paths, r->path, item);
		}
		json_object_set_new(item, r->method == WEB_POST ? "post" : "get", operation_of(r));
	}
	json_t *problem = json_pack("{s:s, s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}}}",
				    "type", "object", "properties", "type", "type", "string",
				    "title", "type", "string", "status", "type", "integer",
				    "detail", "type", "string", "instance", "type", "string");
	return json_pack("{s:s, s:{s:s, s:s}, s:o, s:{s:{s:o}, s:{s:{s:s, s:s, s:s}}}}",
			 "openapi", "3.1.0", "info", "title", "晋位", "version", version,
			 "paths", paths, "components", "schemas", "Problem", problem,
			 "securitySchemes", "session", "type", "apiKey", "in", "cookie",
			 "name", "jw");
}
