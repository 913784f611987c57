/* Calls around a seccomp filter.  What it does is told by its first argument; each thread and each
   process marks its way by getppid, and makes other calls in between. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void work(int times)
{
    for (int i = 0; i < times; i++) {
        syscall(SYS_getppid);
        syscall(SYS_getuid);
        syscall(SYS_getpid);
    }
}

static void *thread(void *times)
{
    work((int)(long)times);
    return NULL;
}

static void threads(void)
{
    pthread_t all[8];
    for (long i = 0; i < 8; i++)
        pthread_create(&all[i], NULL, thread, (void *)(i + 1));
    for (int i = 0; i < 8; i++)
        pthread_join(all[i], NULL);
}

static void children(char *self)
{
    char *arguments[] = {self, "work", NULL};
    pid_t pid = fork();
    if (pid == 0) {
        work(2);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    pid = vfork();
    if (pid == 0) {
        execv(self, arguments);
        _exit(1);
    }
    waitpid(pid, NULL, 0);
    if (posix_spawn(&pid, self, NULL, NULL, arguments, environ))
        exit(1);
    waitpid(pid, NULL, 0);
    work(1);
}

/* Wait until a process sleeps in a call; a tracer's stop is another state. */
static void await_sleep(pid_t pid)
{
    char path[64], state = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    while (state != 'S') {
        FILE *file = fopen(path, "r");
        if (!file || fscanf(file, "%*d %*s %c", &state) != 1)
            exit(1);
        fclose(file);
    }
}

static void handler(int signal)
{
    syscall(SYS_getppid);
}

/* A readv that two signals interrupt: one restarts it, one doesn't. */
static void interrupted(void)
{
    struct sigaction restart = {.sa_handler = handler, .sa_flags = SA_RESTART};
    struct sigaction fail = {.sa_handler = handler};
    int ends[2];
    char byte;
    sigaction(SIGUSR1, &restart, NULL);
    sigaction(SIGUSR2, &fail, NULL);
    if (pipe(ends))
        exit(1);
    pid_t pid = fork();
    if (pid == 0) {
        await_sleep(getppid());
        kill(getppid(), SIGUSR1);
        await_sleep(getppid());
        kill(getppid(), SIGUSR2);
        await_sleep(getppid());
        _exit(write(ends[1], "x", 1) != 1);
    }
    struct iovec into = {&byte, 1};
    if (readv(ends[0], &into, 1) != -1 || errno != EINTR || readv(ends[0], &into, 1) != 1)
        exit(1);
    waitpid(pid, NULL, 0);
}

/* Killed in the middle of a readv. */
static void killed(void)
{
    int ends[2];
    char byte;
    if (pipe(ends))
        exit(1);
    pid_t pid = fork();
    if (pid == 0)
        _exit(readv(ends[0], &(struct iovec){&byte, 1}, 1) != 1);
    await_sleep(pid);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

/* Children that no tracer is to be told of. */
static void untraced(void)
{
    struct clone_args arguments = {.flags = CLONE_UNTRACED, .exit_signal = SIGCHLD};
    for (int way = 0; way < 2; way++) {
        long pid = way ? syscall(SYS_clone3, &arguments, sizeof arguments)
                       : syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);
        int status;
        if (pid == 0)
            _exit(syscall(SYS_getppid) > 0 ? 3 : 4);
        waitpid(pid, &status, 0);
        printf("%d\n", WEXITSTATUS(status));
        fflush(stdout);
    }
}

static void tell(const char *name, long result)
{
    printf("%s %ld %s\n", name, result, result == -1 ? strerror(errno) : "");
}

/* A filter of its own: asks a tracer that nobody is, refuses, and lets go. */
static void own(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE | 7),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpgid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getsid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 42),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        exit(1);
    tell("getppid", syscall(SYS_getppid));
    tell("getpgid", syscall(SYS_getpgid, 1 << 30));
    tell("getsid", syscall(SYS_getsid, 1 << 30));
    tell("kill", syscall(SYS_kill, 1 << 30, 0));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "work";
    sigset_t child;
    /* It would come before or after the end of the wait for the child. */
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    if (!strcmp(what, "threads"))
        threads();
    else if (!strcmp(what, "children"))
        children(argv[0]);
    else if (!strcmp(what, "interrupted"))
        interrupted();
    else if (!strcmp(what, "killed"))
        killed();
    else if (!strcmp(what, "untraced"))
        untraced();
    else if (!strcmp(what, "own"))
        own();
    else if (!strcmp(what, "exec") && argc > 2)
        execv(argv[2], argv + 2);
    work(1);
    return 0;
}
