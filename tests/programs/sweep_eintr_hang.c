/* A read that a signal interrupts is taken for the end of the file: the planted bug.  The child
 * then waits for a word that never comes, and the parent for the child. */
#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static ssize_t read_all_the_same(int fd, char *byte)
{
    ssize_t size;
    do
        size = read(fd, byte, 1);
    while (size < 0 && errno == EINTR);
    return size;
}

int main(void)
{
    int up[2], down[2], status;
    char byte = 'r';
    if (pipe(up) != 0 || pipe(down) != 0) {
        perror("pipe");
        return 1;
    }
    pid_t child = fork();
    if (child < 0) {
        perror("fork");
        return 1;
    }
    if (child == 0) {
        close(up[0]);
        close(down[1]);
        if (write(up[1], &byte, 1) != 1)
            _exit(1);
        _exit(read_all_the_same(down[0], &byte) == 1 ? 0 : 1);
    }
    close(up[1]);
    close(down[0]);
    if (read(up[0], &byte, 1) == 1 && write(down[1], "g", 1) != 1) {
        perror("write");
        return 1;
    }
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) {
            perror("waitpid");
            return 1;
        }
    return status != 0;
}
