// What every program of the corpus has: a marked beginning, raw system calls, memory that ends.
#ifndef PARITY_H
#define PARITY_H
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// What is driven here is meant to be odd.
#pragma GCC diagnostic ignored "-Wunused-result"
#pragma GCC diagnostic ignored "-Wnonnull"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic ignored "-Wpointer-to-int-cast"
#pragma GCC diagnostic ignored "-Wint-to-pointer-cast"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#pragma GCC diagnostic ignored "-Wstringop-overread"
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Woverflow"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

// A raw system call; all six registers are set.
#define CALL(...) CALL_(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define CALL_(nr, a, b, c, d, e, f, ...) \
	syscall((long)(nr), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

// A pointer that can't be read.
#define BAD ((void *)16)
// All bits of a word.
#define ALL (~0UL)
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

// `size` zeroed bytes that end right before an unmapped page.
static inline void *edge(size_t size)
{
	size_t pages = (size + 4095) & ~4095UL;
	char *start = mmap(0, pages + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (start == MAP_FAILED)
		_exit(99);
	munmap(start + pages, 4096);
	return start + pages - size;
}

// A copy of `size` bytes that ends right before an unmapped page.
static inline void *copy(const void *data, size_t size)
{
	return memcpy(edge(size), data, size);
}

// A string whose NUL is the last byte before an unmapped page.
static inline char *text(const char *string)
{
	return copy(string, strlen(string) + 1);
}

void run(void);

int main(void)
{
	// From here on the two traces are compared.
	CALL(SYS_close, -2141);
	run();
	CALL(SYS_exit_group, 0);
	return 0;
}
#endif
