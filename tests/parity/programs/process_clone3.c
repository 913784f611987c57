// clone3: all fields, odd sizes.
#include "parity.h"
#include <sys/wait.h>

#define SIZE 88

struct args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup, more[3];
};

static void show(struct args args, long size)
{
	CALL(435, copy(&args, sizeof(args)), size);
}

void run(void)
{
	int pidfd = -1, parent = 0, child = 0;
	int *tids = copy((int[]){23, 24, 25}, 12);
	struct args args = {0};

	// The order of a signal and of the wait that it interrupts isn't what is compared here.
	CALL(SYS_rt_sigprocmask, SIG_BLOCK, &(uint64_t){1 << (SIGCHLD - 1)}, NULL, 8);
	// Blocked: whether it comes before or after the wait is a race.
	CALL(SYS_rt_sigprocmask, SIG_BLOCK, &(uint64_t){1 << (SIGCHLD - 1) | 1 << (SIGUSR2 - 1)}, NULL, 8);

	for (int bit = 0; bit < 36; bit++) {
		args.flags = 1ULL << bit | 0x20200;
		show(args, 64);
	}
	args = (struct args){0x20200, 1, 2, 3, SIGUSR1, 0x1000, 0x2000, 0x3000, (uintptr_t)tids, 3, 7, {1, 0, 2}};
	for (long size = 56; size <= 112; size += 8)
		show(args, size);
	show(args, 63);
	show(args, 100);
	show(args, ALL);
	show(args, 0);
	args.set_tid_size = 4;
	show(args, SIZE);
	args.set_tid_size = ALL;
	show(args, SIZE);
	args.set_tid = 0;
	args.flags = 0x3ffffffffULL;
	args.exit_signal = 0x123456789;
	show(args, SIZE);
	args = (struct args){.flags = 0x20200, .exit_signal = 200, .tls = 5, .stack = ALL};
	show(args, SIZE);
	CALL(435, NULL, SIZE);
	CALL(435, BAD, SIZE);
	CALL(435, edge(64), SIZE);
	CALL(435, edge(30), 64);
	args = (struct args){.flags = 0x1000 | 0x100000 | 0x1000000, .exit_signal = 0,
		.pidfd = (uintptr_t)&pidfd, .parent_tid = (uintptr_t)&parent, .child_tid = (uintptr_t)&child};
	long pid = CALL(435, &args, 64);
	if (!pid)
		CALL(SYS_exit, 0);
	CALL(SYS_wait4, pid, NULL, 0x40000000, NULL);
	args = (struct args){.exit_signal = SIGUSR2};
	pid = CALL(435, &args, 80);
	if (!pid)
		CALL(SYS_exit, 0);
	CALL(SYS_wait4, pid, NULL, 0x40000000, NULL);
}
