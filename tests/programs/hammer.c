/* N threads that fork, clone threads and make system calls for ever: a target for SIGKILL. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *nothing(void *unused)
{
    return unused;
}

static void *hammer(void *number)
{
    for (;;) {
        getppid();
        if ((long)number % 4 == 1) {
            pthread_t thread;
            if (pthread_create(&thread, NULL, nothing, NULL) == 0)
                pthread_join(thread, NULL);
        } else if ((long)number % 4 == 2) {
            pid_t child = fork();
            if (child == 0)
                _exit(0);
            waitpid(child, NULL, 0);
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 8;
    pthread_t thread;
    for (long i = 1; i < count; i++)
        pthread_create(&thread, NULL, hammer, (void *)i);
    write(1, "ready\n", 6);
    hammer(NULL);
}
