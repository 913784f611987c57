/* vfork, and the child execs or exits at once; the parent counts what its wait saw. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    int good = 0;
    for (int i = 0; i < 3; i++) {
        pid_t child = vfork();
        if (child == 0) {
            if (i == 2)
                _exit(5);
            execl("/bin/sh", "sh", "-c", i ? "exit 4" : "exit 3", (char *)NULL);
            _exit(99);
        }
        int status;
        if (waitpid(child, &status, 0) == child && WIFEXITED(status))
            good += WEXITSTATUS(status) == 3 + i;
    }
    printf("%d\n", good);
    return good == 3 ? 0 : 1;
}
