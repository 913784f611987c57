/* Saves a line, and doesn't look whether it was written: the planted bug. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    static const char line[] = "a line that somebody will miss\n";
    int fd = open("saved", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0) {
        perror("saved");
        return 1;
    }
    if (write(fd, line, sizeof line - 1) > 1000)
        puts("can't be");
    if (close(fd) != 0) {
        perror("saved");
        return 1;
    }
    return 0;
}
