/* What the tests of the raw ptrace operations trace: one small behaviour for each argument.
 *
 * "int3" is a meeting point: the tracer sees SIGTRAP there, with the registers as named.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile long variable = (long)0x1122334455667788ULL;
static const long constant = -1;

static void meet(void) { __asm__ volatile("int3" ::: "memory"); }

static int words(void)
{
    printf("%lx %lx\n", (unsigned long)&variable, (unsigned long)&constant);
    fflush(stdout);
    meet();
    printf("%lx %lx\n", variable, *(const volatile long *)&constant);
    return 0;
}

static int registers(void)
{
    long result = 1;
    __asm__ volatile("int3" : "+a"(result));
    printf("%ld\n", result);
    return 0;
}

static int floats(void)
{
#ifdef __SSE2__
    register double number __asm__("xmm0") = 1.5;
    __asm__ volatile("int3" : "+x"(number));
    printf("%g\n", number);
#endif
    return 0;
}

/* Four taken branches, then a trap. */
static int blocks(void)
{
    __asm__ volatile("int3\n mov $5, %%ecx\n 1: dec %%ecx\n jnz 1b\n int3" ::: "ecx", "cc");
    return 0;
}

static int steps(void)
{
    __asm__ volatile("int3\n nop\n nop\n nop\n int3");
    return 0;
}

static int calls(void)
{
    meet();
    printf("%ld\n", syscall(SYS_getppid) + syscall(SYS_lseek, -1, 2, 3));
    return 0;
}

static int emulated(void)
{
    meet();
    long result = syscall(SYS_getpid);
    printf("%ld\n", result);
    return 0;
}

static void on_signal(int number, siginfo_t *info, void *context)
{
    printf("%d %d %d\n", number, info->si_code, info->si_value.sival_int);
}

static int queued(void)
{
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    sigaction(SIGUSR1, &action, NULL);
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 5});
    return 0;
}

/* Two signals wait in the thread's own queue, one in the process's. */
static int pending(void)
{
    sigset_t set;
    sigfillset(&set);
    sigdelset(&set, SIGTRAP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    pthread_sigqueue(pthread_self(), SIGRTMIN, (union sigval){.sival_int = 11});
    pthread_sigqueue(pthread_self(), SIGRTMIN, (union sigval){.sival_int = 12});
    sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 13});
    meet();
    return 0;
}

static int mask(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGRTMAX);
    sigprocmask(SIG_SETMASK, &set, NULL);
    meet();
    sigprocmask(SIG_SETMASK, NULL, &set);
    printf("%d %d\n", sigismember(&set, SIGUSR1), sigismember(&set, SIGUSR2));
    return 0;
}

static int filtered(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE | 7),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, &program))
        return 1;
    meet();
    printf("%ld\n", syscall(SYS_getppid, 1, 2, 3, 4, 5, 6));
    return 0;
}

/* The address of the area that the C library registered with rseq(2). */
static int sequences(void)
{
    printf("%lx %x\n", (unsigned long)__builtin_thread_pointer() + __rseq_offset, RSEQ_SIG);
    fflush(stdout);
    meet();
    return 0;
}

/* The base of thread-local storage: a word there is the address itself. */
static int storage(void)
{
    printf("%lx\n", (unsigned long)__builtin_thread_pointer());
    fflush(stdout);
    meet();
    return 0;
}

/* The first word of the segment that the tracer has set up with selector 0x73 (GDT entry 14). */
static int segment(void)
{
    long word = 0x5eed;
    printf("%lx\n", (unsigned long)&word);
    fflush(stdout);
    meet();
#ifdef __i386__
    __asm__ volatile("mov $0x73, %%eax\n mov %%eax, %%fs\n mov %%fs:0, %%eax" : "=a"(word) : "m"(word));
#endif
    printf("%lx\n", word);
    return 0;
}

static volatile char selector = SYSCALL_DISPATCH_FILTER_ALLOW;

static void on_sigsys(int number, siginfo_t *info, void *context)
{
    selector = SYSCALL_DISPATCH_FILTER_ALLOW;
    printf("diverted %d\n", info->si_syscall);
    fflush(stdout);
    _exit(0);
}

static int diverted(void)
{
    struct sigaction action = {.sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO};
    sigaction(SIGSYS, &action, NULL);
    printf("%lx\n", (unsigned long)&selector);
    fflush(stdout);
    meet();
    selector = SYSCALL_DISPATCH_FILTER_BLOCK;
    syscall(SYS_getppid);
    selector = SYSCALL_DISPATCH_FILTER_ALLOW;
    puts("not diverted");
    return 0;
}

static int forks(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
    return 3;
}

static int vforks(void)
{
    pid_t child = vfork();
    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
    return 3;
}

static void *nothing(void *argument) { return argument; }

static int threads(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, nothing, NULL);
    pthread_join(thread, NULL);
    return 3;
}

static int ready(void)
{
    puts("ready");
    fflush(stdout);
    while (pause() < 0)
        continue;
    return 0;
}

static int undumpable(void)
{
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    return ready();
}

static int reopens(char *self)
{
    execl(self, self, "calls", NULL);
    return 1;
}

int main(int argc, char **argv)
{
    const struct { const char *name; int (*run)(void); } modes[] = {
        {"words", words}, {"registers", registers}, {"floats", floats}, {"blocks", blocks},
        {"steps", steps}, {"calls", calls}, {"emulated", emulated}, {"queued", queued},
        {"pending", pending}, {"mask", mask}, {"filtered", filtered}, {"forks", forks},
        {"vforks", vforks}, {"threads", threads}, {"ready", ready}, {"undumpable", undumpable},
        {"sequences", sequences}, {"storage", storage}, {"segment", segment},
        {"diverted", diverted},
    };
    if (argc > 1 && !strcmp(argv[1], "exec"))
        return reopens(argv[0]);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (argc > 1 && !strcmp(argv[1], modes[i].name))
            return modes[i].run();
    return 99;
}
