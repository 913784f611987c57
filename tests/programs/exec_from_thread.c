/* A thread that is not the leader calls execve while others are busy.
   Usage: exec_from_thread THREADS; re-executes itself with "done", which exits with 7. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static pthread_barrier_t ready;
static char *self;

static void *busy(void *unused)
{
    pthread_barrier_wait(&ready);
    for (;;)
        getppid();
    return unused;
}

static void *run(void *unused)
{
    pthread_barrier_wait(&ready);
    execl(self, self, "done", NULL);
    perror("execl");
    exit(1);
    return unused;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "done"))
        return 7;
    int threads = argc > 1 ? atoi(argv[1]) : 5;
    self = argv[0];
    pthread_barrier_init(&ready, NULL, threads);
    pthread_t thread;
    for (int i = 0; i < threads - 2; i++)
        pthread_create(&thread, NULL, busy, NULL);
    pthread_create(&thread, NULL, run, NULL);
    pthread_barrier_wait(&ready);
    for (;;)
        pause();
}
