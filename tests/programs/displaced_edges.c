/* Instructions that take long, are interrupted, or fail.  Usage: displaced_edges MODE COUNT */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#ifdef __x86_64__
#define PC REG_RIP
asm(".text\n"
    ".globl kind_long\n"
    "fill: mov %rsi, %rcx\n"
    "xor %eax, %eax\n"
    "kind_long: rep stosb\n"
    "ret\n"
    ".globl kind_wait\n"
    "enter: mov %rdi, %rax\n"
    "mov %rsi, %rdi\n"
    "mov %rdx, %rsi\n"
    "mov %rcx, %rdx\n"
    "kind_wait: syscall\n"
    "ret\n"
    ".globl kind_bad_call\n"
    "bad_call: movabs $0x1234567812345678, %rax\n"
    "kind_bad_call: call *%rax\n"
    "ret\n"
    ".globl kind_bad_memory_call\n"
    "bad_memory_call: movabs $0x1234567812345678, %rax\n"
    "push %rax\n"
    "kind_bad_memory_call: call *(%rsp)\n"
    "ret\n");
#else
#define PC REG_EIP
asm(".text\n"
    ".globl kind_long\n"
    "fill: push %edi\n"
    "mov 8(%esp), %edi\n"
    "mov 12(%esp), %ecx\n"
    "xor %eax, %eax\n"
    "kind_long: rep stosb\n"
    "pop %edi\n"
    "ret\n"
    ".globl kind_wait\n"
    "enter: push %ebx\n"
    "mov 8(%esp), %eax\n"
    "mov 12(%esp), %ebx\n"
    "mov 16(%esp), %ecx\n"
    "mov 20(%esp), %edx\n"
    "kind_wait: int $0x80\n"
    "pop %ebx\n"
    "ret\n"
    ".globl kind_bad_call\n"
    "bad_call: mov $8, %eax\n"
    "kind_bad_call: call *%eax\n"
    "ret\n"
    ".globl kind_bad_memory_call\n"
    "bad_memory_call:\n"
    "kind_bad_memory_call: call *8\n"
    "ret\n");
#endif
asm(".globl kind_undefined\n"
    "undefined:\n"
    "kind_undefined: ud2\n"
    "ret\n");

void fill(char *at, long size);
long enter(long number, long a, long b, long c);
void bad_call(void), bad_memory_call(void), undefined(void);
extern char kind_bad_call[], kind_bad_memory_call[], kind_undefined[];

static volatile int made, handled, expected;
static int ends[2], ready[2];
static sigjmp_buf back;
static char *volatile where;

static void tick(int signal)
{
    (void)signal;
    handled++;
}

/* A handler that makes the same system call, which returns at once. */
static void tick_and_read(int signal)
{
    char byte;
    handled++;
    made++;
    if (write(ready[1], "x", 1) != 1 || enter(SYS_read, ready[0], (long)&byte, 1) != 1)
        abort();
    (void)signal;
}

static void fault(int signal, siginfo_t *info, void *context)
{
    char *pc = (char *)((ucontext_t *)context)->uc_mcontext.gregs[PC];
    handled++;
    if (pc == where && (signal != SIGILL || info->si_addr == pc))
        expected++;
    siglongjmp(back, 1);
}

static void on(int signal, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    sigaction(signal, &action, NULL);
}

static void *write_later(void *arg)
{
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    usleep(4000);
    if (write(ends[1], "x", 1) != 1)
        abort();
    return arg;
}

static void read_it(void)
{
    pthread_t writer;
    char byte;
    long result;
    pthread_create(&writer, NULL, write_later, NULL);
    do {
        made++;
        result = enter(SYS_read, ends[0], (long)&byte, 1);
    } while (result == -EINTR);
    expected += result == 1;
    pthread_join(writer, NULL);
}

static void sleep_in_pieces(void)
{
    struct timespec left = {0, 4000000};
    do
        made++;
    while (enter(SYS_nanosleep, (long)&left, (long)&left, 0) == -EINTR);
}

static void fail(void (*function)(void), char *address)
{
    where = address;
    made++;
    if (sigsetjmp(back, 1) == 0)
        function();
}

int main(int argc, char **argv)
{
    const char *mode = argv[1];
    int count = atoi(argv[argc - 1]);
    size_t size = 8 << 20;
    char *memory = malloc(size);
    if (pipe(ends) || pipe(ready))
        return 2;
    struct sigaction action = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO};
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGILL, &action, NULL);
    if (strcmp(mode, "nested") == 0)
        on(SIGALRM, tick_and_read, SA_RESTART);
    else
        on(SIGALRM, tick, strcmp(mode, "broken") == 0 ? 0 : SA_RESTART);
    struct itimerval every = {{0, 700}, {0, 700}}, never = {{0, 0}, {0, 0}};
    if (strcmp(mode, "fail") != 0)
        setitimer(ITIMER_REAL, &every, NULL);
    for (int i = 0; i < count; i++) {
        if (strcmp(mode, "long") == 0) {
            made++;
            fill(memory, size);
        } else if (strcmp(mode, "sleep") == 0) {
            sleep_in_pieces();
        } else if (strcmp(mode, "fail") == 0) {
            fail(bad_call, sizeof(long) == 8 ? kind_bad_call : (char *)8);
            fail(bad_memory_call, kind_bad_memory_call);
            fail(undefined, kind_undefined);
        } else {
            read_it();
        }
    }
    setitimer(ITIMER_REAL, &never, NULL);
    printf("%d %d %d\n", made, handled, expected);
    return 0;
}
