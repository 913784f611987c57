/* Makes many system calls, and prints now and then how many CPUs it may run on.
   "masks N": N rounds; "masks set": also binds itself to CPU 1; "masks spawn": also makes a child
   and a thread that print theirs. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(const char *who)
{
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    sched_getaffinity(0, sizeof cpus, &cpus);
    printf("%s %d\n", who, CPU_COUNT(&cpus));
    fflush(stdout);
}

static void work(void)
{
    for (int i = 0; i < 6000; i++)
        syscall(SYS_getppid);
}

static void *thread(void *unused)
{
    show("thread");
    return unused;
}

int main(int argc, char **argv)
{
    show("start");
    work();
    show("later");
    if (argc > 1 && !strcmp(argv[1], "set")) {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(1, &one);
        sched_setaffinity(0, sizeof one, &one);
        work();
        show("set");
    }
    if (argc > 1 && !strcmp(argv[1], "spawn")) {
        pid_t child = fork();
        if (child == 0) {
            show("child");
            _exit(0);
        }
        waitpid(child, NULL, 0);
        pthread_t id;
        pthread_create(&id, NULL, thread, NULL);
        pthread_join(id, NULL);
        work();
    }
    if (argc > 1 && !strcmp(argv[1], "forever"))
        for (;;)
            syscall(SYS_getppid);
    show("end");
    return 0;
}
