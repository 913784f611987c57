/* What is debugged through the gdbserver, chosen by the first argument. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 3, ROUNDS = 4 };

struct point {
    int x, y;
};

volatile int counter;
volatile int finish;
__thread int own = 7;
struct point here = {3, 4};

__attribute__((noinline)) int bump(int by)
{
    counter += by;
    return counter;
}

__attribute__((noinline)) void touch(long thread, int round)
{
    own += round;
    __atomic_add_fetch(&counter, 1, __ATOMIC_SEQ_CST);
    (void)thread;
}

__attribute__((noinline)) void started(void) { __asm__ volatile(""); }
__attribute__((noinline)) void in_child(void) { __asm__ volatile(""); }
__attribute__((noinline)) void in_parent(void) { __asm__ volatile(""); }

static void nap(void)
{
    struct timespec millisecond = {0, 1000000};
    nanosleep(&millisecond, NULL);
}

static void *work(void *number)
{
    for (int round = 0; round < ROUNDS; round++)
        touch((long)number, round);
    return NULL;
}

static void *wait_for_end(void *number)
{
    own = 10 * (int)(long)number;
    /* At most for a minute: nothing is to be left behind. */
    for (int naps = 0; naps < 60000 && !finish; naps++)
        nap();
    return number;
}

static void run_threads(void *(*function)(void *))
{
    pthread_t threads[THREADS];
    for (long each = 0; each < THREADS; each++)
        pthread_create(&threads[each], NULL, function, (void *)(each + 1));
    if (function == wait_for_end) {
        for (int naps = 0; naps < 30; naps++)
            nap();
        started();
    }
    for (int each = 0; each < THREADS; each++)
        pthread_join(threads[each], NULL);
}

static int run_child(int shares_memory)
{
    pid_t child = shares_memory ? vfork() : fork();
    if (child == 0) {
        if (shares_memory) {
            execl("/bin/true", "true", NULL);
            _exit(127);
        }
        in_child();
        _exit(5);
    }
    int status;
    waitpid(child, &status, 0);
    in_parent();
    printf("child: %d\n", WEXITSTATUS(status));
    return 0;
}

static void on_signal(int signal) { counter += signal; }

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "calls";
    if (strcmp(what, "threads") == 0)
        run_threads(work);
    else if (strcmp(what, "wait") == 0)
        run_threads(wait_for_end);
    else if (strcmp(what, "fork") == 0 || strcmp(what, "vfork") == 0)
        return run_child(what[0] == 'v');
    else if (strcmp(what, "signal") == 0) {
        signal(SIGUSR1, on_signal);
        raise(SIGUSR1);
    } else if (strcmp(what, "environment") == 0) {
        char folder[4096];
        printf("%s %s %s\n", getenv("SERVED") ? getenv("SERVED") : "unset",
               getcwd(folder, sizeof folder), argc > 2 ? argv[2] : "none");
    } else {
        for (int each = 0; each < 5; each++)
            bump(each);
    }
    printf("counter: %d\n", counter);
    fflush(stdout);
    return 3;
}
