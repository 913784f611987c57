/* The leader ends before its threads; the last thread ends the process with status 6. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void *after(void *unused)
{
    struct timespec turn = {0, 5000000};
    for (int i = 0; i < 4; i++) {
        nanosleep(&turn, NULL);
        access("/nonexistent", F_OK);
    }
    exit(6);
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, after, NULL);
    pthread_exit(NULL);
}
