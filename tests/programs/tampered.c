/* Makes calls to be tampered with, and tells on stdout what the program itself saw of them.

   tampered chdir N       N times chdir("/nowhere"): "-1 ENOENT" each
   tampered family        the same twice in a child, twice in a thread, twice after execve
   tampered write         write(1, "0123456789\n", 11) until all is written, counting the calls
   tampered writev        the same by writev
   tampered registers     close(-1) from assembly: whether the argument registers survive
   tampered nap           clock_nanosleep for 50 ms, with a handler for SIGUSR1
   tampered restart       a read of 100 bytes from a pipe that a thread fills after 100 ms
   tampered close         closes 50, a copy of stdout, twice, and tells whether it is open still
   tampered rename        renameat of a file that isn't there
   tampered vfork         a vfork child that execs this program's "chdir 2"
*/
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *name;
static volatile int signals;

static void say(const char *who, long result)
{
	char line[100];
	if (result < 0)
		snprintf(line, sizeof line, "%s %ld %s\n", who, result, strerrorname_np(errno));
	else
		snprintf(line, sizeof line, "%s %ld\n", who, result);
	if (write(1, line, strlen(line)) < 0)
		_exit(9);
}

static void visit(const char *who, int times)
{
	for (int i = 0; i < times; i++)
		say(who, chdir("/nowhere"));
}

static void *thread(void *unused)
{
	visit("thread", 2);
	return unused;
}

static int family(void)
{
	visit("main", 1);
	pid_t pid = fork();
	if (pid == 0) {
		visit("child", 2);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	pthread_t other;
	pthread_create(&other, NULL, thread, NULL);
	pthread_join(other, NULL);
	execl(name, name, "chdir", "2", NULL);
	return 1;
}

static int write_all(int by_vector)
{
	static const char text[] = "0123456789\n";
	int done = 0, calls = 0;
	while (done < 11) {
		struct iovec parts[2] = {{(char *)text + done, (11 - done) / 2},
					 {(char *)text + done + (11 - done) / 2, 11 - done - (11 - done) / 2}};
		int wrote = by_vector ? writev(1, parts, 2) : write(1, text + done, 11 - done);
		if (wrote < 0 || (by_vector && (int)(parts[0].iov_len + parts[1].iov_len) != 11 - done))
			return 1;
		done += wrote;
		calls++;
	}
	return 10 + calls;
}

static int registers(void)
{
#ifdef __x86_64__
	long kept = 0, number = SYS_fchmod, one = -1, two = 0777;
	__asm__ volatile("syscall" : "+a"(number), "+D"(one), "+S"(two) : : "rcx", "r11", "memory");
	kept = one == -1 && two == 0777;
	printf("syscall %ld %s\n", number, kept ? "kept" : "lost");
	number = 94; /* fchmod of i386 */
	one = -1, two = 0777;
	__asm__ volatile("int $0x80" : "+a"(number), "+b"(one), "+c"(two) : : "memory", "r8", "r9", "r10", "r11");
	kept = (int)one == -1 && two == 0777;
	printf("int80 %ld %s\n", (long)(int)number, kept ? "kept" : "lost");
#else
	long number = SYS_fchmod, one = -1, two = 0777;
	__asm__ volatile("int $0x80" : "+a"(number), "+b"(one), "+c"(two) : : "memory");
	printf("int80 %ld %s\n", number, one == -1 && two == 0777 ? "kept" : "lost");
#endif
	return 0;
}

static void caught(int signal)
{
	(void)signal;
}

static int nap(int flags)
{
	struct sigaction action = {.sa_handler = caught, .sa_flags = flags};
	struct timespec time = {0, 50000000};
	sigaction(SIGUSR1, &action, NULL);
	errno = clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
	say("nap", errno ? -1 : 0);
	char byte;
	int ends[2];
	if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1)
		return 1;
	say("read", read(ends[0], &byte, 1));
	return 0;
}

static void interrupted(int signal)
{
	caught(signal);
	signals++;
}

/* A read that a signal interrupts, and SA_RESTART begins again: a thread fills the pipe later. */
static void *fill(void *ends)
{
	usleep(100000);
	if (write(((int *)ends)[1], "0123456789", 10) != 10)
		_exit(8);
	return NULL;
}

static int restart(void)
{
	struct sigaction action = {.sa_handler = interrupted, .sa_flags = SA_RESTART};
	char bytes[100];
	int ends[2];
	pthread_t other;
	sigaction(SIGUSR1, &action, NULL);
	if (pipe(ends) != 0)
		return 1;
	pthread_create(&other, NULL, fill, ends);
	say("read", read(ends[0], bytes, sizeof bytes));
	say("caught", signals);
	return 0;
}

static int close_it(void)
{
	int fd = dup2(1, 50);
	say("close", close(fd));
	say("again", close(fd));
	say("open", write(fd, "", 0) == 0);
	return 0;
}

int main(int count, char **words)
{
	name = words[0];
	const char *what = count > 1 ? words[1] : "";
	if (!strcmp(what, "chdir"))
		return visit("main", atoi(words[2])), 0;
	if (!strcmp(what, "family"))
		return family();
	if (!strcmp(what, "write") || !strcmp(what, "writev"))
		return write_all(what[5] == 'v');
	if (!strcmp(what, "registers"))
		return registers();
	if (!strcmp(what, "nap"))
		return nap(count > 2 ? SA_RESTART : 0);
	if (!strcmp(what, "restart"))
		return restart();
	if (!strcmp(what, "rename"))
		return say("rename", renameat(AT_FDCWD, "/from", AT_FDCWD, "/to")), 0;
	if (!strcmp(what, "close"))
		return close_it();
	if (!strcmp(what, "vfork")) {
		pid_t pid = vfork();
		if (pid == 0) {
			execl(name, name, "chdir", "2", NULL);
			_exit(1);
		}
		waitpid(pid, NULL, 0);
		visit("parent", 2);
		return 0;
	}
	return 2;
}
