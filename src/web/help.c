/* SPDX-License-Identifier: Apache-2.0 */
#include "web/help.h"

#include <assert.h>
#include <string.h>

#include "base/auto.h"
#include "base/err.h"

/* The longest beginning counts; a page that is not (yet) written is passed over. */
static const struct {
	const char *path, *page;
} places[] = {
	{"/orgs", "orgs"},
	{"/accounts", "accounts"},
	{"/policy", "accounts"},
	{"/audit", "audit"},
	{"/login", "sign-in"},
	{"/password", "sign-in"},
	{"/totp", "sign-in"},
	{"/first", "start"},
	{"/schemes", "schemes"},
	{"/my", "chase"},
	{"/chase", "chase"},
	{"/campaigns", "campaigns"},
	{"/ballots", "ballots"},
	{"/vote", "ballots"},
	{"/cases", "cases"},
	{"/ledger", "ledger"},
	{"/forms", "forms"},
};

const struct help_page *help_find(struct str name)
{
	for (const struct help_page *p = help_pages; p->name; p++)
		if (str_eqs(name, p->name))
			return p;
	return NULL;
}

const struct help_page *help_for(struct str path)
{
	const struct help_page *best = NULL, *contents = help_find(STR("README"));
	size_t longest = 0;

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		size_t len = strlen(places[i].path);
		const struct help_page *page = help_find(str_from(places[i].page));
		if (page && len > longest && path.len >= len && memcmp(path.data, places[i].path, len) == 0 &&
		    (path.len == len || path.data[len] == '/')) {
			best = page;
			longest = len;
		}
	}
	assert(contents);
	return best ? best : contents;
}

/* ---- search ---- */

struct words {
	struct str at[HELP_WORDS_MAX];
	int n;
};

static char *small(struct arena *arena, struct str text)
{
	char *copy = arena_strndup(arena, text.data, text.len);
	for (char *p = copy; p && *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return copy;
}

static bool has(struct str text, struct str word)
{
	return memmem(text.data, text.len, word.data, word.len) != NULL;
}

static struct words split(const char *text)
{
	struct words words = {0};

	for (const char *p = text; *p && words.n < HELP_WORDS_MAX;) {
		size_t blank = strspn(p, " \t"), len = strcspn(p + blank, " \t");
		/* As typed on a Chinese keyboard. */
		const char *wide = strstr(p + blank, "\u3000");
		if (wide && (size_t)(wide - p) < blank + len)
			len = (size_t)(wide - p) - blank;
		if (len)
			words.at[words.n++] = (struct str){p + blank, len};
		p += blank + len;
		if (strncmp(p, "\u3000", 3) == 0)
			p += 3;
	}
	return words;
}

/* Offsets are the same in the page and in its small letters. */
struct section {
	size_t start, end;
	int heading;
};

/* The section that begins at `start`: up to the next heading. */
static struct section section_at(struct str text, size_t start, int heading)
{
	struct section s = {start, text.len, heading};
	bool code = false;

	for (size_t at = start; at < text.len;) {
		const char *line = text.data + at, *nl = memchr(line, '\n', text.len - at);
		size_t len = nl ? (size_t)(nl - line) : text.len - at;
		code ^= len >= 3 && memcmp(line, "```", 3) == 0;
		if (at > start && !code && len && *line == '#') {
			s.end = at;
			break;
		}
		at += len + 1;
	}
	return s;
}

static struct str first_line(struct str page, struct section s)
{
	const char *nl = memchr(page.data + s.start, '\n', s.end - s.start);
	return (struct str){page.data + s.start, nl ? (size_t)(nl - page.data) - s.start : s.end - s.start};
}

static struct str line_with(struct str page, struct str low, struct section s, struct str word)
{
	size_t head = first_line(page, s).len;

	for (size_t at = s.start + head + 1; at < s.end;) {
		const char *nl = memchr(low.data + at, '\n', s.end - at);
		size_t len = nl ? (size_t)(nl - low.data) - at : s.end - at;
		if (has((struct str){low.data + at, len}, word))
			return (struct str){page.data + at, len};
		at += len + 1;
	}
	return (struct str){"", 0};
}

/* Without the signs of a table's row or a list's item. */
static struct str bare(struct str line)
{
	while (line.len && strchr("|-* 0123456789.", *line.data)) {
		line.data++;
		line.len--;
	}
	while (line.len && strchr("| ", line.data[line.len - 1]))
		line.len--;
	return line;
}

static bool has_all(struct str text, const struct words *words)
{
	for (int i = 0; i < words->n; i++)
		if (!has(text, words->at[i]))
			return false;
	return true;
}

static struct str title_of(struct str line)
{
	while (line.len && (*line.data == '#' || *line.data == ' ')) {
		line.data++;
		line.len--;
	}
	return line;
}

int help_search(const char *text, struct arena *arena, struct help_hit **ret_hits, int *ret_n)
{
	struct help_hit *hits = arena_zalloc(arena, HELP_HITS_MAX, sizeof(*hits));
	const char *asked = small(arena, str_from(text));
	int n = 0;

	if (!hits || !asked)
		return ERR_NOMEM;
	const struct words words = split(asked);
	for (const struct help_page *p = help_pages; words.n && p->name; p++) {
		struct str page = {p->text, (size_t)(p->end - p->text)};
		struct str low = {small(arena, page), page.len};
		if (!low.data)
			return ERR_NOMEM;
		if (strcmp(p->name, "README") == 0)
			continue;	/* the contents have every word */
		int heading = 0;
		for (size_t at = 0; at < page.len && n < HELP_HITS_MAX; heading++) {
			struct section s = section_at(page, at, heading);
			if (has_all((struct str){low.data + s.start, s.end - s.start}, &words))
				hits[n++] = (struct help_hit){p, heading, title_of(first_line(page, s)),
							      bare(line_with(page, low, s, words.at[0]))};
			at = s.end;
		}
	}
	*ret_hits = hits;
	*ret_n = n;
	return 0;
}
