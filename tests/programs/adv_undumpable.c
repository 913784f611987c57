/* Closes its memory to an unprivileged tracer, and ends with 3. */
#include <fcntl.h>
#include <sys/prctl.h>

int main(void) {
    prctl(PR_SET_DUMPABLE, 0);
    return open("/etc/passwd", O_RDONLY) >= 0 ? 3 : 4;
}
