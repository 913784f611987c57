/* A nanosleep that is stopped and continued, so that restart_syscall takes it up again. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int asleep(const char *path)
{
    char text[256] = "";
    int file = open(path, O_RDONLY);
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    char *end = size > 0 ? strrchr(text, ')') : NULL;
    return end != NULL && end[2] == 'S';
}

int main(void)
{
    struct timespec nap = {0, 600000000}, little = {0, 100000000};
    int ends[2];
    char path[32];
    snprintf(path, sizeof path, "/proc/%d/stat", getpid());
    if (pipe(ends) != 0)
        return 1;
    if (fork() == 0) {
        close(ends[1]);
        while (!asleep(path))
            sched_yield();
        kill(getppid(), SIGSTOP);
        /* Were it continued too early, it wouldn't stop at all. */
        nanosleep(&little, NULL);
        kill(getppid(), SIGCONT);
        /* Its SIGCHLD mustn't come before the parent has slept out. */
        _exit((int)read(ends[0], path, 1));
    }
    int left = nanosleep(&nap, NULL);
    close(ends[1]);
    wait(NULL);
    return left;
}
