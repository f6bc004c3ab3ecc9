/* SPDX-License-Identifier: Apache-2.0 */
#include "domain/orgs.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/big.h"
#include "base/par.h"
#include "domain/org_index.h"

enum {
	SLOT_BITS_MIN = 8,
	BATCH = 32,		/* look-ups under way at once */
};

void orgs_drop_index(struct orgs *orgs)
{
	if (orgs->slots)
		big_free(orgs->slots, sizeof(*orgs->slots) << orgs->slot_bits);
	orgs->slots = NULL;
}

void orgs_drop_lines(struct orgs *orgs)
{
	orgs_drop_index(orgs);
	big_free(orgs->lines, orgs->lines_room);
	orgs->lines = NULL;
	orgs->lines_room = 0;
}

void *orgs_take_lines(struct orgs *orgs, size_t *ret_size)
{
	void *lines = orgs->lines;
	*ret_size = orgs->lines_room;
	orgs->lines = NULL;
	orgs_drop_lines(orgs);
	return lines;
}

void *orgs_take_eligible(struct orgs *orgs)
{
	void *eligible = orgs->eligible;
	orgs->eligible = NULL;
	return eligible;
}

void orgs_done(struct orgs *orgs)
{
	if (!orgs)
		return;
	free(orgs->text);
	free(orgs->above);
	free(orgs->parents);
	free(orgs->level);
	free(orgs->field);
	free(orgs->kind);
	free(orgs->category);
	free(orgs->eligible);
	for (int l = 0; l < LEVEL_COUNT; l++)
		free(orgs->ancestor[l]);
	orgs_drop_lines(orgs);
	arena_done(&orgs->texts);
	*orgs = (struct orgs){0};
}

/* Moves a column to a larger block; where that fails it stays as it is. */
static bool grow(void *column, size_t old_cap, size_t cap, size_t size)
{
	void **p = column;
	void *q = big_malloc(cap * size);
	if (!q)
		return false;
	if (old_cap)
		memcpy(q, *p, old_cap * size);
	free(*p);
	*p = q;
	return true;
}

int orgs_reserve(struct orgs *orgs, size_t n)
{
	if (n > ORG_MAX)
		return ERR_LIMIT;
	if (n <= orgs->cap)
		return 0;
	size_t old = orgs->cap;
	bool ok = grow(&orgs->text, old, n, sizeof(*orgs->text)) &&
		  grow(&orgs->above, old, n, sizeof(*orgs->above)) &&
		  grow(&orgs->level, old, n, 1) && grow(&orgs->field, old, n, 1) &&
		  grow(&orgs->kind, old, n, 1) &&
		  grow(&orgs->eligible, old, n, sizeof(*orgs->eligible));
	if (!ok)
		return ERR_NOMEM;
	orgs->cap = (uint32_t)n;
	return 0;
}

void orgs_set(struct orgs *orgs, uint32_t node, const struct org_row *row, struct org_text text)
{
	orgs->text[node] = text;
	orgs->level[node] = row->level;
	orgs->field[node] = row->field;
	orgs->kind[node] = row->kind;
	memcpy(orgs->eligible[node], row->eligible, sizeof(row->eligible));
}

int orgs_add(struct orgs *orgs, const struct org_row *row)
{
	assert(row->code.len <= ORG_CODE_MAX && row->parent.len <= ORG_CODE_MAX &&
	       row->name.len <= ORG_NAME_MAX);
	if (orgs->n == orgs->cap) {
		int r = orgs_reserve(orgs, orgs->cap ? (size_t)orgs->cap * 2 : 256);
		if (r < 0)
			return r;
	}
	size_t c = row->code.len, p = row->parent.len, m = row->name.len;
	/* 32 bytes can always be read from the start of a code (orgs_hash). */
	char *data = arena_alloc(&orgs->texts, c + p + m + 32);
	if (!data)
		return ERR_NOMEM;
	memcpy(data, row->code.data, c);
	if (p)
		memcpy(data + c, row->parent.data, p);
	if (m)
		memcpy(data + c + p, row->name.data, m);
	memset(data + c + p + m, 0, 32);
	orgs_set(orgs, orgs->n++, row, (struct org_text){
		.data = data, .code_len = (uint8_t)c, .parent_len = (uint8_t)p,
		.name_len = (uint16_t)m & 0x3FFF});
	return 0;
}

/* --- the index --- */

uint64_t orgs_hash_long(struct str code)
{
	uint64_t h = code.len, word[3] = {0};
	struct str rest = code;
	while (rest.len > ORG_INLINE_MAX) {
		memcpy(word, rest.data, ORG_INLINE_MAX);
		h = org_mix(h ^ org_hash_words(word, ORG_INLINE_MAX), 0xa0761d6478bd642full);
		rest.data += ORG_INLINE_MAX;
		rest.len -= ORG_INLINE_MAX;
	}
	char tail[ORG_INLINE_MAX] = {0};
	memcpy(tail, rest.data, rest.len);
	memcpy(word, tail, ORG_INLINE_MAX);
	return org_mix(h ^ org_hash_words(word, rest.len), 0xe7037ed1a0b428dbull);
}

uint32_t orgs_find(const struct orgs *orgs, struct str code)
{
	char copy[ORG_CODE_MAX + 32] = {0};
	if (code.len > ORG_CODE_MAX || !orgs->slots)
		return ORG_NONE;
	memcpy(copy, code.data, code.len);
	code.data = copy;
	uint64_t word[3] = {0};
	if (code.len <= ORG_INLINE_MAX)
		org_load_words(code, word);
	return orgs_find_node(orgs, orgs_hash(code), word, code);
}

/* What the threads of orgs_finish share. */
struct finish {
	struct orgs *orgs;
	unsigned threads;
	orgs_fault fault;	/* called by one thread only */
	void *arg;
	atomic_bool wrong;
	atomic_bool nested;	/* units stand below units */
};

static void tell(struct finish *f, enum org_fault fault, uint32_t node, uint32_t other)
{
	atomic_store(&f->wrong, true);
	if (f->fault)
		f->fault(f->arg, fault, node, other);
}

/* Makes a node's line; returns the hash of its code. */
static uint64_t make_line(struct orgs *orgs, uint32_t node)
{
	struct org_line *line = &orgs->lines[node];
	struct str code = orgs_code(orgs, node);
	uint64_t word[3] = {0}, hash;
	if (code.len <= ORG_INLINE_MAX) {
		org_load_words(code, word);
		hash = org_hash_words(word, code.len);
	} else {
		hash = word[0] = orgs_hash_long(code);
	}
	*line = (struct org_line){.word = {word[0], word[1]}, .last_word = (uint32_t)word[2],
				  .len = (uint8_t)code.len, .level = orgs->level[node] & 7};
	return hash;
}

/* Slots are taken by whoever comes first; lines are complete before. Only codes
 * that occur twice could tell the order, and they are told by one thread. */
static void insert(struct finish *f, uint32_t node, uint64_t hash)
{
	struct orgs *orgs = f->orgs;
	const struct org_line *line = &orgs->lines[node];
	const uint64_t word[3] = {line->word[0], line->word[1], line->last_word};
	for (size_t i = org_slot_first(orgs, hash);; i = org_slot_next(orgs, i)) {
		uint32_t slot = __atomic_load_n(&orgs->slots[i], __ATOMIC_ACQUIRE);
		if (!slot && __atomic_compare_exchange_n(&orgs->slots[i], &slot, org_slot(hash, node),
							 false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
			return;
		if (org_slot_fits(slot, hash) &&
		    org_line_holds(orgs, org_slot_node(slot), hash, word, orgs_code(orgs, node))) {
			atomic_store(&f->wrong, true);	/* told when the index stands */
			return;
		}
	}
}

static void index_part(void *arg, unsigned part, size_t begin, size_t end)
{
	struct finish *f = arg;
	struct orgs *orgs = f->orgs;
	uint64_t hash[BATCH];
	(void)part;
	for (uint32_t first = (uint32_t)begin; first < end; first += BATCH) {
		uint32_t n = end - first < BATCH ? (uint32_t)end - first : BATCH;
		for (uint32_t i = 0; i < n; i++) {
			hash[i] = make_line(orgs, first + i);
			orgs_prefetch(orgs, hash[i]);
		}
		for (uint32_t i = 0; i < n; i++)
			insert(f, first + i, hash[i]);
	}
}

static int build_index(struct finish *f)
{
	struct orgs *orgs = f->orgs;
	orgs->slot_bits = SLOT_BITS_MIN;
	while (((uint64_t)1 << orgs->slot_bits) < (uint64_t)orgs->n * 3 / 2)
		orgs->slot_bits++;
	if (!orgs->lines || orgs->lines_room < (size_t)orgs->n * sizeof(*orgs->lines)) {
		orgs_drop_lines(orgs);
		orgs->lines_room = (size_t)orgs->n * sizeof(*orgs->lines);
		orgs->lines = big_zalloc(orgs->lines_room);
	}
	orgs->slots = big_zalloc(sizeof(*orgs->slots) << orgs->slot_bits);
	if (!orgs->lines || !orgs->slots)
		return ERR_NOMEM;
	par_each(f->threads, orgs->n, ORG_STEP / 4, index_part, f);
	return 0;
}

/* The index holds the first of those with the same code. */
static void tell_duplicates(struct finish *f)
{
	for (uint32_t i = 0; i < f->orgs->n; i++) {
		uint32_t first = orgs_find(f->orgs, orgs_code(f->orgs, i));
		if (first != i)
			tell(f, FAULT_DUPLICATE, i, first);
	}
}

/* Finds the parents' nodes, which stand in `above` for now. */
static void parents_part(void *arg, unsigned part)
{
	struct finish *f = arg;
	struct orgs *orgs = f->orgs;
	uint32_t end = (uint32_t)par_begin(orgs->n, part + 1, f->threads);
	uint32_t begin = (uint32_t)par_begin(orgs->n, part, f->threads);
	struct str last = {0};
	uint32_t last_parent = ORG_NONE;

	for (uint32_t i = begin; i < end; i++) {
		/* Children usually follow each other. */
		if (i == begin || !orgs->text[i].sibling) {
			struct str code = orgs_parent_code(orgs, i);
			if (i == begin || !str_eq(code, last))
				last_parent = code.len ? orgs_find(orgs, code) : ORG_NONE;
			last = code;
		}
		orgs->above[i] = last_parent;
		if (!last.len)
			continue;
		if (last_parent == ORG_NONE) {
			tell(f, FAULT_ORPHAN, i, ORG_NONE);
			continue;
		}
		if (orgs->level[i] > orgs->level[last_parent])
			continue;
		if (orgs->level[i] == LEVEL_UNIT && orgs->level[last_parent] == LEVEL_UNIT)
			atomic_store(&f->nested, true);
		else {
			tell(f, FAULT_LEVEL, i, last_parent);
			orgs->above[i] = ORG_NONE;
		}
	}
}

/* Only units can stand in a circle: above them levels rise. Marks: 0 unseen,
 * 1 on the way up from the present node, 2 known to end at the top. */
static int find_cycles(struct finish *f)
{
	struct orgs *orgs = f->orgs;
	uint32_t *parent = orgs->above;
	uint8_t *mark = calloc(orgs->n ? orgs->n : 1, 1);
	if (!mark)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < orgs->n; i++) {
		uint32_t up = i;
		while (up != ORG_NONE && orgs->level[up] == LEVEL_UNIT && !mark[up]) {
			mark[up] = 1;
			up = parent[up];
		}
		bool circle = up != ORG_NONE && orgs->level[up] == LEVEL_UNIT && mark[up] == 1;
		uint32_t cut = circle ? up : ORG_NONE;
		if (circle)
			tell(f, FAULT_CYCLE, up, ORG_NONE);
		for (up = i; up != ORG_NONE && orgs->level[up] == LEVEL_UNIT && mark[up] == 1;
		     up = parent[up])
			mark[up] = 2;
		if (cut != ORG_NONE)
			parent[cut] = ORG_NONE;	/* no way upwards is endless */
	}
	free(mark);
	return 0;
}

/* 64 nodes: which of them are parents, and how many there are before them, with
 * the 0th. */
struct parent_word {
	uint64_t parents;
	uint32_t before;
};

struct numbering {
	struct orgs *orgs;
	unsigned threads;
	struct parent_word *words;
};

/* A parent's place among all. */
static inline uint32_t parent_number(const struct parent_word *words, uint32_t node)
{
	const struct parent_word *w = &words[node / 64];
	uint64_t below = w->parents & (((uint64_t)1 << node % 64) - 1);
	return w->before + (uint32_t)__builtin_popcountll(below);
}

static void number_part(void *arg, unsigned part)
{
	const struct numbering *numbering = arg;
	struct orgs *orgs = numbering->orgs;
	uint32_t end = (uint32_t)par_begin(orgs->n, part + 1, numbering->threads);
	uint32_t last = ORG_NONE, number = 0;
	for (uint32_t i = (uint32_t)par_begin(orgs->n, part, numbering->threads); i < end; i++) {
		if (orgs->above[i] != last) {
			last = orgs->above[i];
			number = last == ORG_NONE ? 0 : parent_number(numbering->words, last);
		}
		orgs->above[i] = number;
	}
}

/* Numbers the parents, in the order of their nodes. */
static int number_parents(struct orgs *orgs, unsigned threads)
{
	struct parent_word *words = calloc((size_t)orgs->n / 64 + 1, sizeof(*words));
	uint32_t n = 0, last = ORG_NONE;

	if (!words)
		return ERR_NOMEM;
	for (uint32_t i = 0; i < orgs->n; i++) {
		uint32_t above = orgs->above[i];
		if (above != last && above != ORG_NONE)
			words[above / 64].parents |= (uint64_t)1 << above % 64;
		last = above;
	}
	for (size_t w = 0; w <= orgs->n / 64; w++) {
		words[w].before = n + 1;
		n += (uint32_t)__builtin_popcountll(words[w].parents);
	}
	orgs->parents = malloc(((size_t)n + 1) * sizeof(*orgs->parents));
	if (orgs->parents) {
		orgs->n_parents = n;
		orgs->parents[0] = ORG_NONE;
	}
	n = 0;
	for (size_t w = 0; orgs->parents && w <= orgs->n / 64; w++)
		for (uint64_t left = words[w].parents; left; left &= left - 1)
			orgs->parents[++n] = (uint32_t)(w * 64) + (uint32_t)__builtin_ctzll(left);
	struct numbering numbering = {orgs, threads, words};
	if (orgs->parents)
		par_run(threads, number_part, &numbering);
	free(words);
	return orgs->parents ? 0 : ERR_NOMEM;
}

int orgs_finish(struct orgs *orgs, unsigned threads, orgs_fault fault, void *arg)
{
	/* One thread tells faults in their order. */
	struct finish f = {.orgs = orgs, .threads = fault ? 1 : threads, .fault = fault, .arg = arg};
	int r = build_index(&f);
	if (r < 0)
		return r;
	if (fault && atomic_load(&f.wrong))
		tell_duplicates(&f);
	par_run(f.threads, parents_part, &f);
	if (atomic_load(&f.nested))
		r = find_cycles(&f);
	if (r == 0)
		r = number_parents(orgs, threads);
	return r == 0 && atomic_load(&f.wrong) ? ERR_INPUT : r;
}

struct categorising {
	struct orgs *orgs;
	unsigned threads;
	const struct scheme *scheme;
};

static void categorise_part(void *arg, unsigned part)
{
	const struct categorising *job = arg;
	struct orgs *orgs = job->orgs;
	uint32_t end = (uint32_t)par_begin(orgs->n, part + 1, job->threads);
	for (uint32_t i = (uint32_t)par_begin(orgs->n, part, job->threads); i < end; i++) {
		int c = orgs->field[i] == FIELD_NONE || orgs->kind[i] == KIND_OTHER ?
				-1 : job->scheme->category_of_field[orgs->field[i]];
		orgs->category[i] = c < 0 ? CATEGORY_NONE : (uint8_t)c;
		if (orgs->lines)
			orgs->lines[i].category_plus_1 = c < 0 ? 0 : (uint8_t)(c + 1) & 31;
	}
}

int orgs_categorise(struct orgs *orgs, const struct scheme *scheme, unsigned threads)
{
	struct categorising job = {orgs, threads, scheme};
	free(orgs->category);
	orgs->category = big_malloc(orgs->n);
	if (!orgs->category)
		return ERR_NOMEM;
	par_run(threads, categorise_part, &job);
	return 0;
}

/* Per parent what `own` says of it or, where that is 0, of the nearest above it
 * of which it says something. Each walk upwards leaves its answer with all it
 * passed: chains of units under units are walked once. */
static uint32_t *nearest_above(const struct orgs *orgs, const uint32_t *own)
{
	uint32_t *nearest = malloc(((size_t)orgs->n_parents + 1) * sizeof(*nearest));
	if (!nearest)
		return NULL;
	nearest[0] = 0;
	for (uint32_t p = 1; p <= orgs->n_parents; p++)
		nearest[p] = own[p] ? own[p] : UINT32_MAX;
	for (uint32_t p = 1; p <= orgs->n_parents; p++) {
		uint32_t up = p;
		while (nearest[up] == UINT32_MAX)
			up = orgs->above[orgs->parents[up]];
		uint32_t found = nearest[up];
		for (up = p; nearest[up] == UINT32_MAX; up = orgs->above[orgs->parents[up]])
			nearest[up] = found;
	}
	return nearest;
}

int orgs_need_ancestor(struct orgs *orgs, enum level level)
{
	if (orgs->ancestor[level])
		return 0;
	uint32_t *own = calloc((size_t)orgs->n_parents + 1, sizeof(*own)), n = 0;
	for (uint32_t p = 1; own && p <= orgs->n_parents; p++)
		if (orgs->level[orgs->parents[p]] == level)
			own[p] = ++n;
	orgs->ancestor[level] = own ? nearest_above(orgs, own) : NULL;
	orgs->n_ancestors[level] = n;
	free(own);
	return orgs->ancestor[level] ? 0 : ERR_NOMEM;
}

uint32_t *orgs_uppers(const struct orgs *orgs, enum level graded)
{
	uint32_t *own = calloc((size_t)orgs->n_parents + 1, sizeof(*own));
	for (uint32_t p = 1; own && p <= orgs->n_parents; p++)
		if (orgs->level[orgs->parents[p]] < graded)
			own[p] = p;
	uint32_t *upper = own ? nearest_above(orgs, own) : NULL;
	for (uint32_t p = 0; upper && p <= orgs->n_parents; p++)
		upper[p] = orgs->parents[upper[p]];
	free(own);
	return upper;
}
