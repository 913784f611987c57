// clone: every flag, and the arguments that they bring; fork, vfork.
#include "parity.h"
#include <sys/wait.h>

// Flags that don't go together: the call fails, but is shown.
#define FAILS 0x00020200L

static void children(void)
{
	long pid = CALL(SYS_fork);
	if (!pid)
		CALL(SYS_exit_group, 3);
	CALL(SYS_wait4, pid, NULL, 0, NULL);
	int parent = 0, child = 0;
#ifdef __x86_64__
	pid = CALL(SYS_clone, 0x01300000 | SIGCHLD, 0, &parent, &child, 0);
#else
	pid = CALL(SYS_clone, 0x01300000 | SIGCHLD, 0, &parent, 0, &child);
#endif
	if (!pid)
		CALL(SYS_exit, 4);
	CALL(SYS_wait4, pid, NULL, 0x40000000, NULL);
	pid = CALL(SYS_clone, SIGUSR2, 0, 0, 0, 0);
	if (!pid)
		CALL(SYS_exit, 5);
	CALL(SYS_wait4, -1, NULL, 0x80000000, NULL);
}

void run(void)
{
	static const long odd[] = {0, SIGCHLD, 1, 64, 65, 255, 32, 33};

	// The order of a signal and of the wait that it interrupts isn't what is compared here.
	CALL(SYS_rt_sigprocmask, SIG_BLOCK, &(uint64_t){1 << (SIGCHLD - 1) | 1 << (SIGUSR2 - 1)}, NULL, 8);
	for (int bit = 8; bit < 32; bit++)
		CALL(SYS_clone, (1L << bit & 0xffffffffUL) | 0x00000a00 | 0x00030000, 0, BAD, BAD, BAD);
	for (size_t i = 0; i < COUNT(odd); i++)
		CALL(SYS_clone, FAILS | odd[i], 0x1000, BAD, BAD, BAD);
	CALL(SYS_clone, FAILS | 0x7d0f00, 0x7f000000, edge(4), edge(4), edge(16));
	CALL(SYS_clone, FAILS | 0x00080000, 0x7f000000, edge(4), edge(16), edge(16));
	CALL(SYS_clone, FAILS | 0x00080000, 0x7f000000, edge(4), edge(15), edge(15));
	CALL(SYS_clone, 0x7ffffe00, BAD, NULL, NULL, NULL);
	children();
}
