/* N threads, each making M system calls and adding to a sum; prints the sum.
   Usage: threads N M */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static long each;
static long total;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *unused)
{
    long sum = 0;
    for (long i = 0; i < each; i++)
        sum += syscall(SYS_getppid) > 0;
    pthread_mutex_lock(&lock);
    total += sum;
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 16;
    each = argc > 2 ? atol(argv[2]) : 50;
    pthread_t threads[count];
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], NULL, work, NULL);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    printf("%ld\n", total);
    return total == count * each ? 0 : 1;
}
