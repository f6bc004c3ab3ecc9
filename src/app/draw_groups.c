/* SPDX-License-Identifier: Apache-2.0 */
#include "app/draw_groups.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/str.h"

struct card {
	struct str node;
	unsigned char hash[32];
};

static int by_code(const void *a, const void *b)
{
	const struct card *x = a, *y = b;
	size_t len = x->node.len < y->node.len ? x->node.len : y->node.len;
	int c = memcmp(x->node.data, y->node.data, len);
	return c ? c : x->node.len < y->node.len ? -1 : x->node.len > y->node.len;
}

static int by_hash(const void *a, const void *b)
{
	const struct card *x = a, *y = b;
	int c = memcmp(x->hash, y->hash, sizeof(x->hash));
	return c ? c : by_code(a, b);
}

static void digest(const char *seed_hex, struct card *card)
{
	static const char between[] = "\ngroup\t";
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const unsigned char *)seed_hex, strlen(seed_hex));
	crypto_hash_sha256_update(&state, (const unsigned char *)between, sizeof(between) - 1);
	crypto_hash_sha256_update(&state, (const unsigned char *)card->node.data, card->node.len);
	crypto_hash_sha256_final(&state, card->hash);
}

/* Each covered node once. */
static int read_nodes(const char *population, struct arena *arena, struct card **ret_cards, int *ret_n)
{
	int lines = 0, n = 0, kept = 0;
	for (const char *p = population; *p; p++)
		lines += *p == '\n';
	struct card *cards = arena_zalloc(arena, (size_t)lines + 1, sizeof(*cards));
	if (!cards)
		return ERR_NOMEM;
	for (const char *p = population; *p; p += strcspn(p, "\n") + 1) {
		size_t node = strcspn(p, "\t\n");
		if (p[node] != '\t' || !p[strcspn(p, "\n")])
			return ERR_INPUT;
		cards[n++].node = (struct str){p, node};
	}
	qsort(cards, (size_t)n, sizeof(*cards), by_code);
	for (int i = 0; i < n; i++)
		if (!i || by_code(&cards[i], &cards[kept - 1]) != 0)
			cards[kept++] = cards[i];
	*ret_cards = cards;
	*ret_n = kept;
	return 0;
}

int draw_deal(const char *seed_hex, const char *population, int groups, struct arena *arena,
	      struct draw_deal **ret_deals, int *ret_n, struct err_info *info)
{
	struct card *cards;
	int n, at = 0, r = read_nodes(population, arena, &cards, &n);
	if (r < 0)
		return r == ERR_INPUT ? err_set(info, r, "名单的格式不对") : err_nomem(info);
	if (groups < 1 || groups > DRAW_GROUPS_MAX)
		return err_set(info, ERR_INPUT, "督查组应为 1 到 %d 个", DRAW_GROUPS_MAX);
	if (groups > n)
		return err_set(info, ERR_INPUT, "督查组 %d 个，比要覆盖的 %d 处还多，请减少", groups, n);
	struct draw_deal *deals = arena_zalloc(arena, (size_t)n + 1, sizeof(*deals));
	if (!deals)
		return err_nomem(info);
	for (int i = 0; i < n; i++)
		digest(seed_hex, &cards[i]);
	qsort(cards, (size_t)n, sizeof(*cards), by_hash);
	for (int g = 0; g < groups; g++)
		for (int i = g; i < n; i += groups) {
			const char *node = arena_strndup(arena, cards[i].node.data, cards[i].node.len);
			if (!node)
				return err_nomem(info);
			deals[at++] = (struct draw_deal){node, g + 1};
		}
	*ret_deals = deals;
	*ret_n = n;
	return 0;
}

void draw_add_groups(struct buf *population, int groups)
{
	if (groups)
		buf_addf(population, "groups\t%d\n", groups);
}

int draw_verify_deal(const char *seed_hex, const char *population, int groups, const char *dealt,
		     struct err_info *info)
{
	AUTO(arena) struct arena arena = {0};
	AUTO(buf) struct buf own = {0};
	struct draw_deal *deals;
	int n, r = draw_deal(seed_hex, population, groups, &arena, &deals, &n, info);
	for (int i = 0; r == 0 && i < n; i++)
		buf_addf(&own, "%s\t%d\n", deals[i].node, deals[i].group);
	if (r < 0 || own.failed)
		return r < 0 ? r : err_nomem(info);
	return strcmp(buf_str(&own), dealt) == 0 ? 0 : err_set(info, ERR_STATE, "分给各组的单位与种子不符");
}
