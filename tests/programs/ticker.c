/* Makes a system call every millisecond until it has made N (for ever by default).
   SIGTERM ends it with status 9, so that a stray signal shows. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static void end(int signal)
{
    _exit(signal == SIGTERM ? 9 : 100 + signal);
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : -1;
    for (int signal = 1; signal < 32; signal++)
        if (signal != SIGSTOP && signal != SIGCONT && signal != SIGTSTP)
            sigaction(signal, &(struct sigaction){.sa_handler = end}, NULL);
    write(1, "ready\n", 6);
    struct timespec tick = {0, 1000000};
    while (count-- != 0) {
        getppid();
        nanosleep(&tick, NULL);
    }
    return 0;
}
