/* The leader ends, two threads go on until the alarm. */
#include <pthread.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

static void *stay(void *unused) {
    for (;;)
        pause();
    return unused;
}

int main(void) {
    pthread_t thread;
    alarm(50);
    pthread_create(&thread, NULL, stay, NULL);
    pthread_create(&thread, NULL, stay, NULL);
    puts("ready");
    fflush(stdout);
    syscall(SYS_exit, 0);
}
