/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same work on several cores, for passes over millions of rows. There is
 * no pool and no state: threads live as long as the call.
 */
#ifndef JW_BASE_PAR_H
#define JW_BASE_PAR_H

#include <stddef.h>

enum { PAR_THREADS_MAX = 64 };

/* Calls work(arg, 0) … work(arg, threads - 1), each on a thread of its own
 * (the first on the caller's), and returns when all have returned. Where the
 * system gives no thread the caller does that part itself, afterwards: `work`
 * must not wait for another part that comes after its own. */
void par_run(unsigned threads, void (*work)(void *arg, unsigned part), void *arg);

/* Calls work(arg, part, begin, end) for ranges of up to `step` things, some for each
 * thread, until all of `count` are done. Which thread gets which range hangs on how fast
 * each is: one that waits for memory or for its turn leaves more to the others. */
void par_each(unsigned threads, size_t count, size_t step,
	      void (*work)(void *arg, unsigned part, size_t begin, size_t end), void *arg);

/* As many of `threads` as are worth their start for a pass over `count` things. */
static inline unsigned par_worth(unsigned threads, size_t count)
{
	size_t most = count / 8192 + 1;
	return threads < most ? threads : (unsigned)most;
}

/* The range of part `part` of `parts` when `count` things are split evenly. */
static inline size_t par_begin(size_t count, unsigned part, unsigned parts)
{
	return (size_t)((unsigned __int128)count * part / parts);
}

#endif
