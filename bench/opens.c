/* Opens /dev/null N times: a program whose every second system call is wanted. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    for (int i = argc > 1 ? atoi(argv[1]) : 0; i > 0; i--)
        close(open("/dev/null", O_RDONLY));
    return 0;
}
