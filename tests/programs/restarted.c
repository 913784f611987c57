/* A nanosleep that is stopped and continued, so that restart_syscall takes it up again. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(void)
{
    struct timespec nap = {0, 150000000}, little = {0, 30000000};
    if (fork() == 0) {
        nanosleep(&little, NULL);
        kill(getppid(), SIGSTOP);
        nanosleep(&little, NULL);
        kill(getppid(), SIGCONT);
        /* Its SIGCHLD mustn't come before the parent has slept out. */
        nanosleep(&(struct timespec){0, 500000000}, NULL);
        _exit(0);
    }
    int left = nanosleep(&nap, NULL);
    wait(NULL);
    return left;
}
