/* Threads that make short-lived threads and processes until the alarm. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *ends(void *unused) { return unused; }

static void *storm(void *unused) {
    for (;;) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, ends, NULL) == 0)
            pthread_join(thread, NULL);
        pid_t child = fork();
        if (child == 0)
            _exit(11);
        if (child > 0)
            waitpid(child, NULL, 0);
        child = vfork();
        if (child == 0)
            _exit(12);
        if (child > 0)
            waitpid(child, NULL, 0);
    }
    return unused;
}

int main(void) {
    pthread_t thread;
    alarm(50);
    for (int i = 0; i < 3; i++)
        pthread_create(&thread, NULL, storm, NULL);
    puts("ready");
    fflush(stdout);
    storm(NULL);
}
