/* Makes processes by clone(2) without CLONE_THREAD: with memory of its own, and with shared memory. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>

enum { STACK = 1 << 16 };

volatile int calls;

__attribute__((noinline)) void reached(void) { calls++; }

static int child(void *code)
{
    for (int each = 0; each < 10; each++)
        reached();
    return (int)(long)code;
}

static int run(int flags, long code)
{
    char *stack = malloc(STACK);
    int status = 0;
    int pid = clone(child, stack + STACK, flags, (void *)code);
    if (pid < 0 || waitpid(pid, &status, __WALL) != pid)
        return -1;
    free(stack);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(void)
{
    if (run(CLONE_FILES, 5) != 5)
        return 1;
    if (run(CLONE_FILES | CLONE_VM, 6) != 6)
        return 2;
    reached();
    return calls;
}
