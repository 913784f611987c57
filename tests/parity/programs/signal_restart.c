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
	// Early enough to be no sleep, late enough for the call; again, should that have been slow.
	struct itimerval timer = {{0, 300000}, {0, 8000}};

	sigaction(SIGALRM, &action, NULL);
	CALL(SYS_setitimer, ITIMER_REAL, &timer, NULL);
}

static void disarm(void)
{
	struct itimerval never = {{0, 0}, {0, 0}};

	CALL(SYS_setitimer, ITIMER_REAL, &never, NULL);
}

void run(void)
{
	long time[2] = {8, 0}, *rest = edge(2 * sizeof(long));
	int64_t mask = 0;
	int pipes[2];

	CALL(SYS_pipe, pipes);
	soon(0);
	CALL(SYS_read, pipes[0], time, 8);
	disarm();
	soon(0);
	CALL(SYS_poll, NULL, 0, 8000);
	disarm();
	soon(0);
	CALL(SYS_pause);
	disarm();
	soon(0);
	CALL(SYS_rt_sigsuspend, &mask, 8);
	disarm();
	soon(SA_RESTART);
	CALL(SYS_poll, NULL, 0, 8000);
	disarm();
	mask = 1 << (SIGALRM - 1);
	CALL(SYS_rt_sigprocmask, SIG_BLOCK, &mask, NULL, 8);
	soon(0);
	CALL(SYS_rt_sigtimedwait, &mask, NULL, time, 8);
	disarm();
	soon(0);
	mask = 0;
	CALL(SYS_ppoll, NULL, 0, NULL, &mask, 8);
	disarm();
}
