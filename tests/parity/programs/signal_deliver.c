// Signals as they arrive, and what sigreturn restores.
#include "parity.h"
#include <setjmp.h>
#include <sys/time.h>
#include <time.h>

static sigjmp_buf back;

static void nothing(int number)
{
	(void)number;
}

static void leave(int number)
{
	(void)number;
	siglongjmp(back, 1);
}

static void install(int number, void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
	sigaction(number, &action, NULL);
}

void run(void)
{
	static const int signals[] = {SIGHUP, SIGUSR1, SIGCHLD, SIGURG, SIGIO, 34, 64};
	sigset_t set;

	for (size_t i = 0; i < COUNT(signals); i++) {
		install(signals[i], nothing, i % 2 ? SA_RESTART : SA_SIGINFO);
		CALL(SYS_kill, getpid(), signals[i]);
		CALL(SYS_tgkill, getpid(), getpid(), signals[i]);
	}
	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	CALL(SYS_kill, getpid(), SIGHUP);
	CALL(SYS_kill, getpid(), 64);
	sigemptyset(&set);
	sigaddset(&set, SIGURG);
	sigprocmask(SIG_SETMASK, &set, NULL);
	CALL(SYS_kill, getpid(), SIGURG);
	sigemptyset(&set);
	CALL(SYS_rt_sigsuspend, &set, 8);
	for (int i = 0; i < 4; i++) {
		static const int faults[] = {SIGSEGV, SIGFPE, SIGILL, SIGBUS};
		install(faults[i], leave, 0);
		if (sigsetjmp(back, 1))
			continue;
		if (i == 0)
			*(volatile int *)16 = 1;
		if (i == 1)
			__asm__ volatile("xor %%eax, %%eax; cltd; idivl %%eax" ::: "eax", "edx");
		if (i == 2)
			__asm__ volatile("ud2");
		if (i == 3)
			CALL(SYS_tgkill, getpid(), getpid(), SIGBUS);
	}
	install(SIGTRAP, nothing, 0);
	__asm__ volatile("int3");
	install(SIGALRM, nothing, 0);
	// Blocked until the call that waits for it, which it then can't miss.
	struct itimerval soon = {{0, 0}, {0, 1000}};
	sigaddset(&set, SIGALRM);
	sigprocmask(SIG_SETMASK, &set, NULL);
	CALL(SYS_setitimer, ITIMER_REAL, &soon, NULL);
	sigemptyset(&set);
	CALL(SYS_rt_sigsuspend, &set, 8);
	install(SIGWINCH, SIG_DFL, 0);
	CALL(SYS_kill, getpid(), SIGWINCH);
	CALL(SYS_kill, getpid(), SIGCONT);
}
