/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work in a process of its own, for libraries that crash where memory runs out:
 * whatever happens there is an error here like any other.
 */
#ifndef JW_BASE_APART_H
#define JW_BASE_APART_H

#include "base/err.h"

/* How long a child may take, in milliseconds: `idle_ms` without using the processor,
 * `whole_ms` in all. */
struct apart_limits {
	int idle_ms, whole_ms;
};

/* Runs `work` in a child process that ends with it, and waits. Memory it changes
 * stays there; files it writes are real. Its standard error is a file in memory,
 * empty at first. A child that stands still for 15 s is killed, and `work` is begun
 * once more in another, so it must write its files from their beginning; a second
 * one that stands still, or one that takes more than 30 minutes, is killed for good.
 * Returns what `work` returned, with its `info`; ERR_NOMEM where the child died or
 * could not be made; ERR_IO, also for one that was killed. */
int apart_run(int (*work)(void *arg, struct err_info *info), void *arg, struct err_info *info);

/* The same with other limits. */
int apart_run_within(const struct apart_limits *limits,
		     int (*work)(void *arg, struct err_info *info), void *arg,
		     struct err_info *info);

#endif
