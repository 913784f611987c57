// Calls that a signal interrupts: restarted, cut short, resumed.
#include "parity.h"
#include <poll.h>
#include <sys/time.h>

static void nothing(int number)
{
	(void)number;
}

static void soon(int flags)
{
	struct sigaction action = {.sa_handler = nothing, .sa_flags = flags};
	struct itimerval timer = {{0, 0}, {0, 2000}};

	sigaction(SIGALRM, &action, NULL);
	CALL(SYS_setitimer, ITIMER_REAL, &timer, NULL);
}

void run(void)
{
	long time[2] = {8, 0}, *rest = edge(2 * sizeof(long));
	int64_t mask = 0;
	int pipes[2];

	CALL(SYS_pipe, pipes);
	soon(0);
	CALL(SYS_read, pipes[0], time, 8);
	soon(0);
	CALL(SYS_poll, NULL, 0, 8000);
	soon(0);
	CALL(SYS_pause);
	soon(0);
	CALL(SYS_rt_sigsuspend, &mask, 8);
	soon(SA_RESTART);
	CALL(SYS_poll, NULL, 0, 8000);
	mask = 1 << (SIGALRM - 1);
	CALL(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, 8);
	soon(0);
	CALL(SYS_rt_sigtimedwait, &mask, NULL, time, 8);
	soon(0);
	mask = 0;
	CALL(SYS_ppoll, NULL, 0, NULL, &mask, 8);
}
