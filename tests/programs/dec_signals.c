// Signals and time.
// What the compiler would warn of is what is to be shown.
#pragma GCC diagnostic ignored "-Wunused-result"
#pragma GCC diagnostic ignored "-Wnonnull"
#pragma GCC diagnostic ignored "-Wrestrict"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wunused-variable"
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static void handler(int sig) { (void)sig; }

int main(void)
{
	struct sigaction sa = {.sa_handler = handler, .sa_flags = SA_RESTART | SA_NODEFER}, old;
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGCHLD);
	sa.sa_mask = set;
	sigaction(SIGUSR1, &sa, NULL);
	sa.sa_flags = SA_SIGINFO;
	sigaction(SIGALRM, &sa, &old);
	sigaction(SIGUSR1, NULL, &old);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGPIPE, SIG_DFL);
	sigaction(SIGRTMIN + 1, &sa, NULL);
	syscall(SYS_rt_sigaction, 77, &sa, NULL, 8);
	syscall(SYS_rt_sigaction, 7, (void *)1, NULL, 8);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigprocmask(SIG_SETMASK, NULL, &set);
	syscall(SYS_rt_sigprocmask, 9, NULL, &set, 8);
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, &set, 4);
	kill(getpid(), SIGINT);
	sigpending(&set);
	siginfo_t si;
	struct timespec ts = {0, 1000}, rest;
	sigtimedwait(&set, &si, &ts);
	sigtimedwait(&set, &si, &ts);
	sigtimedwait(&set, NULL, &ts);
	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, &set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	stack_t ss = {.ss_sp = (void *)0x10000, .ss_size = 65536}, oss;
	sigaltstack(&ss, &oss);
	sigaltstack(NULL, &oss);
	ss.ss_flags = SS_DISABLE;
	sigaltstack(&ss, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	/* Once more, should the first one come before the call that it is to interrupt. */
	struct itimerval it = {{0, 300000}, {0, 150000}}, never = {{0, 0}, {0, 0}}, oit;
	setitimer(ITIMER_REAL, &it, &oit);
	ts.tv_sec = 10;
	nanosleep(&ts, &rest);
	setitimer(ITIMER_REAL, &it, NULL);
	pause();
	setitimer(ITIMER_REAL, &it, NULL);
	ts.tv_sec = 10;
	clock_nanosleep(CLOCK_MONOTONIC, 0, &ts, &rest);
	setitimer(ITIMER_REAL, &it, NULL);
	sigemptyset(&set);
	sigsuspend(&set);
	setitimer(ITIMER_REAL, &never, NULL);
	getitimer(ITIMER_VIRTUAL, &oit);
	ts.tv_sec = 0;
	ts.tv_nsec = 1;
	nanosleep(&ts, &rest);
	nanosleep(&ts, NULL);
	ts.tv_nsec = -1;
	nanosleep(&ts, &rest);
	clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &ts, NULL);
	alarm(0);
	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &ts);
	syscall(SYS_clock_gettime, 77, &ts);
	syscall(SYS_clock_gettime, -6, &ts);
	syscall(SYS_clock_gettime, (~3u << 3) | 3, &ts);
	syscall(SYS_clock_getres, CLOCK_BOOTTIME, &ts);
	syscall(SYS_clock_getres, CLOCK_BOOTTIME, NULL);
	struct timeval tv;
	struct timezone tz;
	syscall(SYS_gettimeofday, &tv, &tz);
	syscall(SYS_gettimeofday, &tv, NULL);
	long t;
	syscall(SYS_time, &t);
	syscall(SYS_time, NULL);
	timer_t timer;
	struct sigevent ev = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	ev.sigev_value.sival_ptr = (void *)0x1234;
	timer_create(CLOCK_MONOTONIC, &ev, &timer);
	timer_create(CLOCK_REALTIME, NULL, &timer);
	ev.sigev_notify = SIGEV_NONE;
	timer_create(CLOCK_REALTIME, &ev, &timer);
	struct itimerspec its = {{1, 2}, {3000, 4}}, oits;
	timer_settime(timer, TIMER_ABSTIME, &its, &oits);
	timer_gettime(timer, &oits);
	timer_getoverrun(timer);
	timer_delete(timer);
	int fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
	timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL);
	timerfd_gettime(fd, &oits);
	struct timex tx = {0};
	adjtimex(&tx);
	exit(0);
}
