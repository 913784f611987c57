// Processes, limits, credentials, scheduling.
// What the compiler would warn of is what is to be shown.
#pragma GCC diagnostic ignored "-Wunused-result"
#pragma GCC diagnostic ignored "-Wnonnull"
#pragma GCC diagnostic ignored "-Wrestrict"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wunused-variable"
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static int child(int code)
{
	pid_t pid = fork();
	if (pid == 0) {
		if (code < 0) raise(-code);
		_exit(code);
	}
	return pid;
}

int main(void)
{
	int status;
	struct rusage ru;
	siginfo_t si;
	struct rlimit rl = {1024, RLIM_INFINITY};
	child(0);
	wait(&status);
	child(3);
	waitpid(-1, NULL, 0);
	child(-SIGTERM);
	wait4(-1, &status, __WALL, &ru);
	child(-SIGABRT);
	wait4(-1, &status, WUNTRACED, NULL);
	waitpid(-1, &status, WNOHANG);
	pid_t pid = child(5);
	waitid(P_PID, pid, &si, WEXITED | WNOWAIT);
	waitpid(pid, &status, WNOHANG);
	pid = child(-SIGSTOP);
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGCONT);
	waitpid(pid, &status, WCONTINUED);
	wait(&status);
	waitid(P_ALL, 0, &si, WEXITED | WNOHANG);
	pid = vfork();
	if (!pid) _exit(1);
	wait(NULL);
	struct clone_args ca = {.flags = CLONE_PARENT_SETTID, .exit_signal = SIGCHLD, .parent_tid = (unsigned long)&status};
	if (!syscall(SYS_clone3, &ca, sizeof ca)) _exit(0);
	wait(NULL);
	syscall(SYS_clone3, &ca, 5);
	char *args[] = {"prog", "an \"argument\"", "a long argument of more than 32 bytes", NULL};
	char *env[] = {"A=1", "B=2", NULL};
	char *one[] = {"A=1", NULL};
	execve("/no/such/program", args, env);
	execve("/no/such/program", args, one);
	execve("/no/such/program", args, args + 3);
	execve("/no/such/program", NULL, NULL);
	execve("/no/such/program", (void *)1, (void *)2);
	execveat(-100, "none", args, env, 0);
	kill(getpid(), 0);
	kill(-99999, SIGRTMIN);
	kill(99999, 77);
	syscall(SYS_tgkill, getpid(), gettid(), 0);
	getppid();
	getuid();
	getpgrp();
	getsid(0);
	setpgid(0, 0);
	uid_t r, e, s;
	getresuid(&r, &e, &s);
	setuid(0);
	setreuid(-1, 0);
	gid_t g[8] = {0};
	getgroups(8, g);
	getgroups(0, NULL);
	g[0] = 7;
	setgroups(2, g);
	getrlimit(RLIMIT_NOFILE, &rl);
	prlimit(0, RLIMIT_CORE, &rl, &rl);
	rl.rlim_cur = 8 << 20;
	rl.rlim_max = 1025;
	prlimit(0, RLIMIT_STACK, &rl, NULL);
	prlimit(0, 77, NULL, &rl);
	syscall(SYS_setrlimit, RLIMIT_CPU, &rl);
	getrusage(RUSAGE_SELF, &ru);
	getpriority(PRIO_PROCESS, 0);
	setpriority(PRIO_PROCESS, 0, 1);
	struct tms tms;
	times(&tms);
	struct utsname u;
	uname(&u);
	struct sysinfo inf;
	sysinfo(&inf);
	personality(0xffffffff);
	personality(ADDR_NO_RANDOMIZE);
	prctl(PR_SET_NAME, "a name");
	char name[16];
	prctl(PR_GET_NAME, name);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_GET_PDEATHSIG, &status);
	prctl(PR_GET_DUMPABLE);
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN);
	prctl(9999, 1, 2, 3, 4);
	struct __user_cap_header_struct h = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct d[2];
	syscall(SYS_capget, &h, d);
	syscall(SYS_capget, &h, NULL);
	d[0].effective = 1 << CAP_SYS_PTRACE | 1 << CAP_KILL;
	d[0].permitted = 1;
	d[1].effective = 1;
	d[0].inheritable = 1 << 31;
	syscall(SYS_capset, &h, d);
	cpu_set_t set;
	sched_getaffinity(0, sizeof set, &set);
	sched_setaffinity(0, 8, &set);
	struct sched_param sp = {0};
	sched_getparam(0, &sp);
	sched_getscheduler(0);
	sched_setscheduler(0, SCHED_OTHER | SCHED_RESET_ON_FORK, &sp);
	sched_get_priority_max(SCHED_FIFO);
	struct timespec ts = {1, 0};
	sched_rr_get_interval(0, &ts);
	sched_yield();
	unshare(0);
	unshare(CLONE_NEWNS | CLONE_FS);
	setns(-1, CLONE_NEWNET);
	int word = 1;
	ts.tv_sec = 0;
	ts.tv_nsec = 1000;
	syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, NULL);
	syscall(SYS_futex, &word, FUTEX_WAIT, 1, &ts);
	syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1);
	syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE | FUTEX_CLOCK_REALTIME, 1, &ts, NULL, FUTEX_BITSET_MATCH_ANY);
	syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 1, &ts, NULL, 5);
	syscall(SYS_futex, &word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 5);
	syscall(SYS_futex, &word, FUTEX_REQUEUE, 1, 2, &status);
	syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE_PRIVATE, 1, 2, &status, 3);
	syscall(SYS_futex, &word, FUTEX_WAKE_OP, 1, 2, &status, FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 2));
	syscall(SYS_futex, &word, FUTEX_LOCK_PI_PRIVATE, 0, &ts);
	syscall(SYS_futex, &word, FUTEX_UNLOCK_PI);
	syscall(SYS_futex, &word, FUTEX_TRYLOCK_PI);
	syscall(SYS_futex, &word, 77, 1, 2, 3, 4);
	syscall(SYS_set_tid_address, &word);
	syscall(SYS_set_robust_list, (void *)0x1000, 24);
	syscall(SYS_get_robust_list, 0, &args, &env);
	syscall(SYS_rseq, 0x1000, 32, 1, 0x53053053);
	char rnd[8];
	syscall(SYS_getrandom, rnd, 8, 1);
	syscall(SYS_getrandom, rnd, -1, 3);
	unsigned cpu, node;
	syscall(SYS_getcpu, &cpu, &node, NULL);
	syscall(SYS_pidfd_open, 99999999, 0);
	syscall(SYS_membarrier, 0, 0, 0);
	syscall(SYS_kcmp, getpid(), getpid(), 0, 1, 2);
	syscall(999, 1, 2, 3, 4, 5, 6);
	umask(0);
	sethostname("", -1);
	exit(7);
}
