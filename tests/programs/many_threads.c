/* N threads that sleep in short turns, and (with "grow") a coming and going of others besides.
   Says "ready" when all run; SIGTERM ends it with status 9; any other signal with 100 + signal. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_barrier_t ready;

static void end(int signal)
{
    _exit(signal == SIGTERM ? 9 : 100 + signal);
}

static void *doze(void *unused)
{
    pthread_barrier_wait(&ready);
    struct timespec turn = {0, 20000000};
    for (;;)
        nanosleep(&turn, NULL);
    return unused;
}

static void *brief(void *unused)
{
    return unused;
}

int main(int argc, char **argv)
{
    int count = atoi(argv[1]);
    int grow = argc > 2 && !strcmp(argv[2], "grow");
    for (int signal = 1; signal < 65; signal++)
        if (signal < 32 || signal > 33)
            sigaction(signal, &(struct sigaction){.sa_handler = end}, NULL);
    pthread_barrier_init(&ready, NULL, count + 1);
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    pthread_t thread;
    for (int i = 0; i < count; i++)
        pthread_create(&thread, &small, doze, NULL);
    pthread_barrier_wait(&ready);
    write(1, "ready\n", 6);
    while (grow) {
        pthread_create(&thread, &small, brief, NULL);
        pthread_join(thread, NULL);
    }
    for (;;)
        pause();
}
