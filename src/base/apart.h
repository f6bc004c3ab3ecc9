/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work in a process of its own, for libraries that crash where memory runs out:
 * whatever happens there is an error here like any other.
 */
#ifndef JW_BASE_APART_H
#define JW_BASE_APART_H

#include "base/err.h"

/* Runs `work` in a child process that ends with it, and waits. Memory it changes
 * stays there; files it writes are real. Its standard error is a file in memory,
 * empty at first. Returns what `work` returned, with its `info`; ERR_NOMEM where
 * the child died or could not be made; ERR_IO. */
int apart_run(int (*work)(void *arg, struct err_info *info), void *arg, struct err_info *info);

#endif
