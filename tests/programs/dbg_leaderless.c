/* The leader ends, its thread rests: the process is a zombie that goes on. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static volatile int over;

static void *rest(void *unused)
{
    while (!over)
        pause();
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, rest, NULL);
    printf("ready\n");
    fflush(stdout);
    pthread_exit(NULL);
}
