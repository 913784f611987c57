/* What lldb debugs: functions with arguments, a watched variable, threads, signals, a fork. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct point {
    int x, y;
};

volatile long watched;
volatile int total;
volatile int signals;
static pthread_barrier_t together;

__attribute__((noinline)) int add(int amount) {
    struct point where = { amount, 2 * amount };
    total += where.x;
    return total;
}

__attribute__((noinline)) void meet(void) {
    total += 0;
}

static void count(int number) {
    signals += number;
}

static void *work(void *index) {
    pthread_barrier_wait(&together);
    add((int)(long)index);
    pthread_barrier_wait(&together);
    return NULL;
}

static int threads(void) {
    pthread_t made[3];

    pthread_barrier_init(&together, NULL, 4);
    for (long i = 0; i < 3; i++)
        pthread_create(&made[i], NULL, work, (void *)(i + 1));
    meet();
    pthread_barrier_wait(&together);
    pthread_barrier_wait(&together);
    for (int i = 0; i < 3; i++)
        pthread_join(made[i], NULL);
    printf("total %d\n", total);
    return 0;
}

static int forks(void) {
    pid_t child = fork();
    int status;

    if (child == 0) {
        add(7);
        _exit(total);
    }
    waitpid(child, &status, 0);
    printf("child %d, total %d\n", WEXITSTATUS(status), total);
    return 0;
}

static int raises(void) {
    signal(SIGUSR1, count);
    raise(SIGUSR1);
    meet();
    printf("signals %d\n", signals);
    return 0;
}

static int waits(void) {
    puts("ready");
    fflush(stdout);
    while (getchar() != EOF)
        printf("total %d\n", add(1)), fflush(stdout);
    return 0;
}

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "";

    if (!strcmp(mode, "threads"))
        return threads();
    if (!strcmp(mode, "fork"))
        return forks();
    if (!strcmp(mode, "signal"))
        return raises();
    if (!strcmp(mode, "wait"))
        return waits();
    add(3);
    add(4);
    watched = 5;
    meet();
    watched = 6;
    printf("total %d, %s\n", total, getenv("GUEST") ? getenv("GUEST") : "");
    return total;
}
