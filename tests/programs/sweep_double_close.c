/* Closes its file where writing fails, and once more on the way out: the planted bug. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static int save(int fd)
{
    static const char line[] = "a line\n";
    if (write(fd, line, sizeof line - 1) != sizeof line - 1) {
        perror("saved");
        close(fd);
        return 1;
    }
    return 0;
}

int main(void)
{
    int fd = open("saved", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0) {
        perror("saved");
        return 1;
    }
    int failed = save(fd);
    if (close(fd) != 0)
        failed = 1;
    return failed;
}
