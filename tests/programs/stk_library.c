/* A library whose functions are named by -DOUTER and -DINNER. */
#include <unistd.h>

#define APART __attribute__((noinline, noclone, noipa))

static volatile int sink;

APART int INNER(void)
{
	return getppid() + sink;
}

APART int OUTER(void)
{
	return INNER() + sink;
}

int entry(void)
{
	return OUTER() + sink;
}
