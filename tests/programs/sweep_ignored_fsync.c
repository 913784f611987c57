/* Replaces a file with care, but doesn't look whether fsync worked: the planted bug. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int fail(const char *what)
{
    perror(what);
    unlink("saved.new");
    return 1;
}

int main(void)
{
    const char *line = "all or nothing\n";
    int fd = open("saved.new", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0)
        return fail("open");
    while (*line) {
        ssize_t written = write(fd, line, strlen(line));
        if (written < 0)
            return fail("write");
        line += written;
    }
    fsync(fd);
    if (close(fd) != 0)
        return fail("close");
    if (rename("saved.new", "saved") != 0)
        return fail("rename");
    return 0;
}
