/* Threads at known depths, memory of each kind, and then nothing: what a core file is taken of. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static __thread int mark;
static int global = 0x5eed;
static volatile int over;
static pthread_barrier_t barrier;

static int rest(void)
{
    pthread_barrier_wait(&barrier);
    while (!over)
        pause();
    return 0;
}

static int deeper(int depth)
{
    volatile int here = depth;
    return (depth ? deeper(depth - 1) : rest()) + here;
}

static void *run(void *depth)
{
    mark = 100 + (int)(long)depth;
    deeper((int)(long)depth);
    return NULL;
}

static char *pages(int flags, int number, char fill)
{
    char *made = mmap(NULL, number * 4096, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
    if (fill)
        memset(made, fill, number * 4096);
    return made;
}

int main(int argc, char **argv)
{
    int threads = argc > 1 ? atoi(argv[1]) : 2;
    char *own = pages(MAP_PRIVATE, 4, 'p');
    char *shared = pages(MAP_SHARED, 4, 's');
    char *secret = pages(MAP_PRIVATE, 4, 'x');
    char *closed = pages(MAP_PRIVATE, 4, 'c');
    char *sparse = pages(MAP_PRIVATE, 1 << 16, 0);
    pthread_t thread;

    madvise(secret, 4 * 4096, MADV_DONTDUMP);
    mprotect(closed, 4 * 4096, PROT_NONE);
    sparse[(1 << 15) * 4096] = 'm';
    pthread_barrier_init(&barrier, NULL, threads + 1);
    for (long number = 1; number <= threads; number++)
        pthread_create(&thread, NULL, run, (void *)number);
    mark = 100;
    printf("ready\n%p %p %p %p %p %p\n", (void *)own, (void *)shared, (void *)secret,
           (void *)closed, (void *)sparse, (void *)&global);
    fflush(stdout);
    deeper(3);
    return 0;
}
