/* A thread sleeps in a call when the process ends: "pause", or "read" from a pipe.  The main thread
   makes a call (getppid) once the other surely sleeps, and ends with 3. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static volatile pid_t sleeper;
static int reads, ends[2];

static void *sleeps(void *unused)
{
    char byte;
    sleeper = syscall(SYS_gettid);
    if (reads)
        read(ends[0], &byte, 1);
    else
        pause();
    return unused;
}

/* Whether the thread is in a call, and nobody has stopped it there. */
static int is_asleep(void)
{
    char path[64], text[256] = "";
    long size = 0;
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", sleeper);
    int file = open(path, O_RDONLY);
    if (file >= 0) {
        size = pread(file, text, sizeof text - 1, 0);
        close(file);
    }
    char *state = size > 0 ? strrchr(text, ')') : NULL;
    return state && state[2] == 'S';
}

int main(int argc, char **argv)
{
    pthread_t thread;
    reads = argc > 1 && !strcmp(argv[1], "read");
    pipe(ends);
    pthread_create(&thread, NULL, sleeps, NULL);
    while (!sleeper || !is_asleep())
        sched_yield();
    getppid();
    _exit(3);
}
