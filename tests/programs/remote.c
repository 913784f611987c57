/* What calls from outside are made in: functions to call, and system calls to be interrupted in. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int calls, handled;

static long nine(long a, long b, long c, long d, long e, long f, long g, long h, long i)
{
    calls++;
    return a + 10 * b + 100 * c + 1000 * d + 10000 * e + 100000 * f + 1000000 * g + 10000000 * h
           + 100000000 * i;
}

static double mixed(int a, double b, double c, int d, double e)
{
    return a + b * c + d * e;
}

static long ten_doubles(double a, double b, double c, double d, double e, double f, double g,
                        double h, double i, double j)
{
    return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j;
}

static long length(const char *text, const char *other)
{
    return strlen(text) * 100 + strlen(other);
}

static long aligned(void)
{
    return (long)__builtin_frame_address(0) & 15;
}

static long crash(void)
{
    calls++;
    return *(volatile long *)8;
}

static long wait_for_ever(void)
{
    while (calls >= 0)
        pause();
    return calls;
}

static long children(void)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(7);
    if (waitpid(child, &status, 0) != child)
        return -1;
    return WEXITSTATUS(status) * 100 + WEXITSTATUS(system("exit 5"));
}

static void handle(int signal)
{
    handled += signal;
}

static long call_to_interrupt(const char *kind)
{
    struct timespec time = {0, 150000000};
    if (strcmp(kind, "nanosleep") == 0)
        return nanosleep(&time, NULL);
    if (strcmp(kind, "poll") == 0)
        return poll(NULL, 0, 150);
    if (strcmp(kind, "futex") == 0) {
        int word = 7;
        return syscall(SYS_futex, &word, FUTEX_WAIT, 7, &time, NULL, 0) + errno - ETIMEDOUT + 1;
    }
    if (strcmp(kind, "read") == 0) {
        char byte;
        return read(0, &byte, 1) - 1;
    }
    sigset_t none, usr1, before;
    sigemptyset(&none);
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    sigprocmask(SIG_BLOCK, &usr1, &before);
    sigsuspend(&none);
    return handled - SIGUSR1 + errno - EINTR;
}

int main(int argc, char **argv)
{
    signal(SIGUSR1, handle);
    signal(SIGUSR2, handle);
    printf("%p %p %p %p %p %p %p %p\n", (void *)nine, (void *)mixed, (void *)ten_doubles,
           (void *)length, (void *)aligned, (void *)crash, (void *)wait_for_ever, (void *)children);
    puts("ready");
    fflush(stdout);
    if (strcmp(argv[1], "sealed") == 0) {
        char byte;
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
        write(1, "sealed\n", read(0, &byte, 1) * 7);
        syscall(SYS_exit, 5);
    }
    long result = call_to_interrupt(argv[1]);
    printf("%ld %d\n", result, calls);
    return argc - 2;
}
