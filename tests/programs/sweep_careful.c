/* Does all that the programs with a planted bug do, and looks at every result: allocates, talks to
 * a child through pipes, and replaces a file so that it is whole, old or new. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SIZE = 1 << 18 };

static int fail(const char *what)
{
    perror(what);
    return 1;
}

static int put(int fd, const char *data, size_t size)
{
    while (size) {
        ssize_t written = write(fd, data, size);
        if (written < 0) {
            if (errno == EINTR)
                continue;
            return -1;
        }
        data += written;
        size -= written;
    }
    return 0;
}

static ssize_t get(int fd, char *data, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t part = read(fd, data + got, size - got);
        if (part < 0) {
            if (errno == EINTR)
                continue;
            return -1;
        }
        if (part == 0)
            break;
        got += part;
    }
    return got;
}

static int save(const char *data, size_t size)
{
    int fd = open("saved.new", O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (fd < 0)
        return fail("open");
    const char *what = NULL;
    if (put(fd, data, size) != 0)
        what = "write";
    else if (fsync(fd) != 0)
        what = "fsync";
    if (what) {
        perror(what);
        close(fd);
    } else if (close(fd) != 0)
        perror(what = "close");
    else if (rename("saved.new", "saved") != 0)
        perror(what = "rename");
    if (what && unlink("saved.new") != 0 && errno != ENOENT)
        perror("unlink");
    return what != NULL;
}

static int load(char *data, size_t size)
{
    int fd = open("saved", O_RDONLY);
    if (fd < 0)
        return fail("open");
    ssize_t got = get(fd, data, size);
    if (got < 0)
        perror("read");
    /* Nothing was written: what close says doesn't matter. */
    close(fd);
    return got != (ssize_t)size;
}

/* A child fills the data; the parent gets them through a pipe. */
static int produce(char *data, size_t size)
{
    int pipes[2], status;
    if (pipe(pipes) != 0)
        return fail("pipe");
    pid_t child = fork();
    if (child < 0)
        return fail("fork");
    if (child == 0) {
        close(pipes[0]);
        memset(data, 'y', size);
        _exit(put(pipes[1], data, size) != 0);
    }
    close(pipes[1]);
    ssize_t got = get(pipes[0], data, size);
    if (got < 0)
        perror("read");
    close(pipes[0]);
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return fail("waitpid");
    return got != (ssize_t)size || status != 0;
}

int main(void)
{
    char *data = malloc(SIZE), *again = malloc(SIZE);
    if (!data || !again)
        return fail("malloc");
    if (produce(data, SIZE) != 0 || save(data, SIZE) != 0 || load(again, SIZE) != 0)
        return 1;
    if (memcmp(data, again, SIZE) != 0)
        return 1;
    if (puts("saved") < 0 || fflush(stdout) != 0)
        return fail("stdout");
    free(data);
    free(again);
    return 0;
}
