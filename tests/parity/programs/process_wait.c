// wait4, waitpid, waitid: options, every kind of status.
#include "parity.h"
#include <sys/wait.h>
#include <sys/resource.h>

static long child(int how)
{
	long pid = CALL(SYS_fork);
	if (pid)
		return pid;
	if (how < 0) {
		CALL(SYS_rt_sigaction, -how, &(long[20]){0}, NULL, 8);
		CALL(SYS_kill, getpid(), -how);
	}
	CALL(SYS_exit_group, how);
	return 0;
}

void run(void)
{
	static const long options[] = {0, 1, 2, 8, 4, 0x10, 0x01000000, 0x20000000, 0x40000000, 0x80000000, 0xf, 0x7f0fffff};
	int *status = edge(4);
	struct rusage *usage = edge(sizeof(*usage));
	siginfo_t *info = edge(128);

	// The order of a signal and of the wait that it interrupts isn't what is compared here.
	CALL(SYS_rt_sigprocmask, SIG_BLOCK, &(uint64_t){1 << (SIGCHLD - 1)}, NULL, 8);
	for (size_t i = 0; i < COUNT(options); i++) {
		CALL(SYS_wait4, -1, status, options[i], NULL);
		CALL(SYS_waitid, i, 1, info, options[i], NULL);
	}
	CALL(SYS_wait4, child(0), status, 0, NULL);
	CALL(SYS_wait4, child(255), status, 0, NULL);
	CALL(SYS_wait4, child(-SIGTERM), status, 0, NULL);
	CALL(SYS_wait4, child(-SIGRTMIN), status, 0, NULL);
	CALL(SYS_wait4, child(-34), status, 0, NULL);
	long pid = child(-SIGSTOP);
	CALL(SYS_waitid, 1, pid, info, 2 | 0x01000000, NULL);
	CALL(SYS_wait4, pid, status, 2, NULL);
	CALL(SYS_kill, pid, SIGCONT);
	CALL(SYS_waitid, 1, pid, info, 4, NULL);
	CALL(SYS_waitid, 1, child(7), info, 4, NULL);
	CALL(SYS_waitid, 1, child(-SIGHUP), info, 4, NULL);
	CALL(SYS_wait4, child(0), BAD, 0, NULL);
	CALL(SYS_waitid, 0, 0, info, 5, NULL);
	CALL(SYS_waitid, 1, child(1), NULL, 4, NULL);
	CALL(SYS_waitid, 1, child(1), BAD, 4, NULL);
	CALL(SYS_waitid, 0, 0, info, 5, NULL);
	CALL(SYS_waitid, 3, -1, info, 4, BAD);
	pid = child(9);
	CALL(SYS_waitid, 1, pid, info, 4 | 0x01000000, NULL);
	CALL(SYS_wait4, pid, status, 1, BAD);
	CALL(SYS_wait4, 0x80000000, status, 0, usage);
#ifdef SYS_waitpid
	CALL(SYS_waitpid, child(2), status, 0);
	CALL(SYS_waitpid, -1, status, 0x7f0fffff);
	CALL(SYS_waitpid, -5, BAD, 1);
#endif
}
