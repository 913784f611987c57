/* What symbols are about, without a debugger's help: it tells where it is, and waits. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__thread int own = 5;
static __thread char text[8] = "mine";
int shared = 7;

static void say(const char *what) {
    printf("%s\n", what);
    fflush(stdout);
}

static void __attribute__((noinline)) wait_here(int number, const char *why) {
    char line[16];
    own += number;
    say(why);
    if (!fgets(line, sizeof line, stdin))
        exit(0);
}

static void on_signal(int signal) {
    wait_here(signal, "signal");
}

static void *worker(void *argument) {
    own = 50;
    strcpy(text, "yours");
    wait_here(2, "thread");
    return argument;
}

static int by_sort(const void *first, const void *second) {
    wait_here(*(const int *)first, "sort");
    exit(*(const int *)second);
}

int main(int argc, char **argv) {
    int numbers[2] = {1, 2};
    pthread_t thread;
    if (argc > 1 && !strcmp(argv[1], "signal")) {
        signal(SIGUSR1, on_signal);
        raise(SIGUSR1);
    } else if (argc > 1 && !strcmp(argv[1], "thread")) {
        pthread_create(&thread, NULL, worker, NULL);
        pthread_join(thread, NULL);
    } else if (argc > 1 && !strcmp(argv[1], "sort")) {
        qsort(numbers, 2, sizeof *numbers, by_sort);
    } else if (argc > 2 && !strcmp(argv[1], "load")) {
        wait_here(1, "before");
        void *library = dlopen(argv[2], RTLD_NOW);
        wait_here(1, library ? "loaded" : "failed");
        dlclose(library);
        wait_here(1, "unloaded");
    } else {
        wait_here(1, "here");
    }
    return 0;
}
