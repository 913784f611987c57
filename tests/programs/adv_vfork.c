/* A parent that waits in vfork for a child that sleeps, then exec's; exits with 4. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    char *const arguments[] = {"true", NULL};
    puts("ready");
    fflush(stdout);
    pid_t child = vfork();
    if (child == 0) {
        usleep(600000);
        execv("/bin/true", arguments);
        _exit(1);
    }
    int status;
    return waitpid(child, &status, 0) == child && status == 0 ? 4 : 5;
}
