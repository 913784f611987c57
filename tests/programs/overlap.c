/* Three threads whose system calls overlap: each call of one begins while others are blocked. */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void *turn(void *number)
{
    struct timespec nap = {0, 100000 + 50000 * (long)number};
    for (int i = 0; i < 100; i++) {
        nanosleep(&nap, NULL);
        getppid();
    }
    return NULL;
}

int main(void)
{
    pthread_t threads[3];
    for (long i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, turn, (void *)i);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    return 0;
}
