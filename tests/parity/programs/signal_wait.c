// rt_sigtimedwait, signalfd, sigaltstack, pause.
#include "parity.h"

struct stack {
	void *sp;
	int flags;
	size_t size;
};

static void waits(void)
{
	uint64_t *set = copy(&(uint64_t){1 << (SIGUSR1 - 1) | 1ULL << 35}, 8);
	long time[2] = {0, 1000};
	siginfo_t *info = edge(128);

	CALL(SYS_rt_sigprocmask, SIG_BLOCK, set, NULL, 8);
	CALL(SYS_kill, getpid(), SIGUSR1);
	CALL(SYS_rt_sigtimedwait, set, info, NULL, 8);
	CALL(SYS_rt_sigtimedwait, set, info, time, 8);
	CALL(SYS_tgkill, getpid(), getpid(), 36);
	CALL(SYS_rt_sigtimedwait, set, NULL, time, 8);
	siginfo_t queued = {.si_signo = 36, .si_code = SI_QUEUE};
	queued.si_pid = 5;
	queued.si_uid = 6;
	queued.si_ptr = (void *)0x1234;
	CALL(SYS_rt_sigqueueinfo, getpid(), 36, &queued);
	CALL(SYS_rt_sigtimedwait, set, info, time, 8);
	time[1] = -1;
	CALL(SYS_rt_sigtimedwait, set, info, time, 8);
	CALL(SYS_rt_sigtimedwait, BAD, BAD, BAD, 8);
	CALL(SYS_rt_sigtimedwait, set, info, time, 4);
	CALL(SYS_rt_sigtimedwait, NULL, NULL, NULL, 16);
#ifdef SYS_rt_sigtimedwait_time64
	int64_t wide[2] = {0, 1000};
	CALL(SYS_rt_sigtimedwait_time64, set, info, wide, 8);
	CALL(SYS_kill, getpid(), SIGUSR1);
	CALL(SYS_rt_sigtimedwait_time64, set, info, wide, 8);
	CALL(SYS_rt_sigtimedwait_time64, set, BAD, BAD, 8);
#endif
}

void run(void)
{
	static const long flags[] = {0, 1, 2, 3, 4, 0x80000000, 0x80000001, 0x7fffffff};
	uint64_t *set = copy(&(uint64_t){0x402}, 8);
	struct stack *stack = edge(sizeof(*stack)), *old = edge(sizeof(*old));

	waits();
	CALL(SYS_signalfd, -1, set, 8);
	CALL(SYS_signalfd, -1, set, 4);
	CALL(SYS_signalfd, 0, BAD, 8);
	CALL(SYS_signalfd4, -1, set, 8, 02000000);
	CALL(SYS_signalfd4, -1, set, 8, 04000);
	CALL(SYS_signalfd4, -1, set, 8, 1);
	CALL(SYS_signalfd4, 5, NULL, 16, 0x7bffffff);
	CALL(SYS_sigaltstack, NULL, old);
	for (size_t i = 0; i < COUNT(flags); i++) {
		*stack = (struct stack){(void *)0x10000, flags[i], 0x10000};
		CALL(SYS_sigaltstack, stack, old);
	}
	stack->size = 5;
	stack->flags = 0;
	CALL(SYS_sigaltstack, stack, NULL);
	CALL(SYS_sigaltstack, BAD, BAD);
	CALL(SYS_sigaltstack, (char *)stack + 1, NULL);
	CALL(SYS_sigaltstack, NULL, NULL);
}
