/* Lays out memory to be read: two pages and a hole behind them, a C string at their end,
   a read-only page; says the addresses, and at last what has become of the bytes. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char constant[4096] __attribute__((aligned(4096))) = "constant";

int main(void)
{
    char *pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(pages + 2 * 4096, 4096);
    memset(pages, 'a', 4096);
    memset(pages + 4096, 'b', 4096);
    strcpy(pages + 4090, "across");
    printf("%p %p\n", (void *)pages, (void *)constant);
    fflush(stdout);
    raise(SIGUSR1);
    printf("%.5s %.8s\n", pages, (const char *)*(const char *volatile *)&(const char *){constant});
    return 0;
}
