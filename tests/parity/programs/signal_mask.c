// rt_sigprocmask, rt_sigpending, rt_sigsuspend, and their first forms: sets of odd sizes.
#include "parity.h"

void run(void)
{
	static const long sizes[] = {0, 1, 4, 7, 8, 9, 16, 128, -1};
	uint64_t *set = edge(8), *old = edge(8);

	*set = 1 << (SIGINT - 1) | 1ULL << 40;
	for (long how = -1; how < 5; how++)
		CALL(SYS_rt_sigprocmask, how, set, old, 8);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		CALL(SYS_rt_sigprocmask, SIG_BLOCK, set, old, sizes[i]);
		CALL(SYS_rt_sigpending, old, sizes[i]);
		CALL(SYS_rt_sigsuspend, BAD, sizes[i]);
	}
	*set = 0;
	CALL(SYS_rt_sigprocmask, SIG_SETMASK, set, NULL, 8);
	*set = ~0ULL;
	CALL(SYS_rt_sigprocmask, SIG_SETMASK, set, old, 8);
	CALL(SYS_rt_sigprocmask, SIG_BLOCK, NULL, old, 8);
	*set = ~(1ULL << (SIGUSR1 - 1));
	CALL(SYS_kill, getpid(), SIGCHLD);
	CALL(SYS_rt_sigpending, old, 8);
	CALL(SYS_rt_sigprocmask, SIG_SETMASK, NULL, NULL, 8);
	CALL(SYS_rt_sigprocmask, SIG_SETMASK, BAD, BAD, 8);
	CALL(SYS_rt_sigprocmask, SIG_SETMASK, (char *)set + 1, old, 8);
	CALL(SYS_rt_sigpending, BAD, 8);
	CALL(SYS_rt_sigpending, NULL, 4);
	CALL(SYS_rt_sigsuspend, set, 4);
	CALL(SYS_rt_sigsuspend, NULL, 8);
#ifdef SYS_sigprocmask
	uint32_t *small = edge(4), *was = edge(4);
	*small = 0x402;
	for (long how = -1; how < 4; how++)
		CALL(SYS_sigprocmask, how, small, was);
	*small = ~0u;
	CALL(SYS_sigprocmask, SIG_BLOCK, small, NULL);
	CALL(SYS_sigprocmask, SIG_BLOCK, NULL, was);
	CALL(SYS_sigprocmask, SIG_BLOCK, BAD, BAD);
	CALL(SYS_sigpending, was);
	CALL(SYS_sigpending, NULL);
#endif
}
