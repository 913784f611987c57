/* Maps pages of each protection, tells where they are, and changes some when it gets SIGUSR1. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const char text[] = "a constant that nobody can write";
static int numbers[4] = {1, -2, 3, -4};

int main(void)
{
    char *pages = mmap(NULL, 8 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    sigset_t set;
    int signal;

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (int page = 0; page < 8; page++)
        memset(pages + page * 4096, 'A' + page, 4096);
    memcpy(pages + 4094, "needle", 6);
    mprotect(pages + 4 * 4096, 4096, PROT_NONE);
    mprotect(pages + 5 * 4096, 4096, PROT_READ);
    munmap(pages + 6 * 4096, 4096);
    printf("ready\n%p %p %p\n", (void *)pages, (void *)text, (void *)numbers);
    fflush(stdout);
    sigwait(&set, &signal);
    pages[10] = 'x';
    pages[11] = 'y';
    pages[3 * 4096 - 1] = pages[3 * 4096] = 'z';
    numbers[1] = 99;
    printf("changed\n");
    fflush(stdout);
    sigwait(&set, &signal);
    printf("%s %d\n", text, numbers[0]);
    return 0;
}
