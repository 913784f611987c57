/* Threads that execute every kind of instruction that a breakpoint may displace, and count how
   often.  Usage: exact_counts THREADS CALLS [signals] [churn] [until-told]
   The last: at least so often, until a byte can be read.  It tells as well what its text is like,
   and how many executable mappings there are without a file. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#ifdef __x86_64__
#define PC REG_RIP
#define LABEL(name) ".globl kind_" #name "\nkind_" #name ": "
asm(".text\n"
    ".globl every_kind\n"
    "every_kind:\n"
    LABEL(endbr) "endbr64\n"
    LABEL(push) "push %rbx\n"
    LABEL(move) "mov %rdi, %rbx\n"
    LABEL(relative) "add seven(%rip), %rbx\n"
    LABEL(jump) "jmp 1f\n"
    "ud2\n"
    "1: cmp $0, %rbx\n"
    LABEL(branch) "jne 1f\n"
    "ud2\n"
    "1: mov $1, %ecx\n"
    LABEL(loop) "loop 1b\n"
    LABEL(call) "call add_one\n"
    "lea add_one(%rip), %rax\n"
    LABEL(call_register) "call *%rax\n"
    LABEL(call_memory) "call *pointer(%rip)\n"
    "push %rax\n"
    LABEL(call_stack) "call *(%rsp)\n"
    LABEL(pop) "pop %rax\n"
    "lea 1f(%rip), %rax\n"
    LABEL(jump_register) "jmp *%rax\n"
    "ud2\n"
    "1: sub $16, %rsp\n"
    "mov %rsp, %rdi\n"
    "mov $8, %ecx\n"
    "xor %eax, %eax\n"
    LABEL(repeat) "rep stosb\n"
    "add (%rsp), %rbx\n"
    "add $16, %rsp\n"
    LABEL(lock) "lock incl executed(%rip)\n"
    LABEL(push_flags) "pushf\n"
    LABEL(pop_flags) "popf\n"
    "mov $39, %eax\n"
    LABEL(system_call) "syscall\n"
    LABEL(trap) "int3\n"
    LABEL(vector) "movaps %xmm0, %xmm1\n"
    "mov %rbx, %rax\n"
    "pop %rbx\n"
    LABEL(return) "ret\n"
    LABEL(called) "add_one: inc %rbx\n"
    "ret\n"
    ".data\n"
    "seven: .quad 7\n"
    "pointer: .quad add_one\n"
    ".text\n");
#else
#define PC REG_EIP
#define LABEL(name) ".globl kind_" #name "\nkind_" #name ": "
asm(".text\n"
    ".globl every_kind\n"
    "every_kind:\n"
    LABEL(endbr) "endbr32\n"
    LABEL(push) "push %ebx\n"
    LABEL(move) "mov %eax, %ebx\n"
    LABEL(relative) "add seven, %ebx\n"
    LABEL(jump) "jmp 1f\n"
    "ud2\n"
    "1: cmp $0, %ebx\n"
    LABEL(branch) "jne 1f\n"
    "ud2\n"
    "1: mov $1, %ecx\n"
    LABEL(loop) "loop 1b\n"
    LABEL(call) "call add_one\n"
    "mov $add_one, %eax\n"
    LABEL(call_register) "call *%eax\n"
    LABEL(call_memory) "call *pointer\n"
    "push %eax\n"
    LABEL(call_stack) "call *(%esp)\n"
    LABEL(pop) "pop %eax\n"
    "mov $1f, %eax\n"
    LABEL(jump_register) "jmp *%eax\n"
    "ud2\n"
    "1: push %edi\n"
    "sub $16, %esp\n"
    "mov %esp, %edi\n"
    "mov $8, %ecx\n"
    "xor %eax, %eax\n"
    LABEL(repeat) "rep stosb\n"
    "add (%esp), %ebx\n"
    "add $16, %esp\n"
    "pop %edi\n"
    LABEL(lock) "lock incl executed\n"
    LABEL(push_flags) "pushf\n"
    LABEL(pop_flags) "popf\n"
    "mov $20, %eax\n"
    LABEL(system_call) "int $0x80\n"
    LABEL(trap) "int3\n"
    LABEL(vector) "fld1\n"
    "fstp %st(0)\n"
    "mov %ebx, %eax\n"
    "pop %ebx\n"
    LABEL(return) "ret\n"
    LABEL(called) "add_one: inc %ebx\n"
    "ret\n"
    ".data\n"
    "seven: .long 7\n"
    "pointer: .long add_one\n"
    ".text\n");
#endif

#ifdef __i386__
__attribute__((regparm(1)))
#endif
long every_kind(long x);

int executed;
static int calls, handled, traps, wrong, strange, running;
static int per_thread, churn;
static volatile int more;

static void call(long x)
{
    __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (every_kind(x) != x + 11)
        __atomic_add_fetch(&wrong, 1, __ATOMIC_SEQ_CST);
}

static void look(void *context)
{
    Dl_info info;
    if (dladdr((void *)((ucontext_t *)context)->uc_mcontext.gregs[PC], &info) == 0)
        __atomic_add_fetch(&strange, 1, __ATOMIC_SEQ_CST);
}

static void on_trap(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    __atomic_add_fetch(&traps, 1, __ATOMIC_SEQ_CST);
    look(context);
}

static void on_signal(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)info;
    __atomic_add_fetch(&handled, 1, __ATOMIC_SEQ_CST);
    look(context);
    call(1000);
}

static void *work(void *arg)
{
    for (int i = 0; i < per_thread || more; i++)
        call(i);
    __atomic_sub_fetch(&running, 1, __ATOMIC_SEQ_CST);
    return arg;
}

static void *work_in_pieces(void *arg)
{
    pthread_t piece;
    for (int i = 0; i < churn; i++) {
        __atomic_add_fetch(&running, 1, __ATOMIC_SEQ_CST);
        pthread_create(&piece, NULL, work, NULL);
        pthread_join(piece, NULL);
    }
    __atomic_sub_fetch(&running, 1, __ATOMIC_SEQ_CST);
    return arg;
}

static unsigned long text_sum(void)
{
    extern char every_kind_begin[] asm("every_kind"), etext[];
    unsigned long sum = 0;
    for (const char *at = every_kind_begin; at < etext; at++)
        sum = sum * 31 + *(volatile const char *)at;
    return sum;
}

static int foreign_mappings(void)
{
    int found = 0;
    char line[512], permissions[8], path[256];
    FILE *maps = fopen("/proc/self/maps", "r");
    while (fgets(line, sizeof line, maps))
        if (sscanf(line, "%*s %7s %*s %*s %*s %255s", permissions, path) == 1)
            found += permissions[2] == 'x';
    fclose(maps);
    return found;
}

static void *listen(void *arg)
{
    char byte;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    if (read(0, &byte, 1) >= 0)
        more = 0;
    return arg;
}

int main(int argc, char **argv)
{
    int threads = atoi(argv[1]), with_signals = 0;
    per_thread = atoi(argv[2]);
    for (int i = 3; i < argc; i++) {
        with_signals |= strcmp(argv[i], "signals") == 0;
        if (strcmp(argv[i], "churn") == 0)
            churn = 8;
        more |= strcmp(argv[i], "until-told") == 0;
    }
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART | SA_NODEFER};
    action.sa_sigaction = on_trap;
    sigaction(SIGTRAP, &action, NULL);
    action.sa_sigaction = on_signal;
    sigaction(SIGUSR1, &action, NULL);
    pthread_t made[threads], listener;
    if (more) {
        pthread_create(&listener, NULL, listen, NULL);
        puts("ready");
        fflush(stdout);
    }
    running = threads;
    if (churn)
        per_thread /= churn;
    for (int i = 0; i < threads; i++)
        pthread_create(&made[i], NULL, churn ? work_in_pieces : work, NULL);
    while (with_signals && __atomic_load_n(&running, __ATOMIC_SEQ_CST)) {
        kill(getpid(), SIGUSR1);
        usleep(300);
    }
    for (int i = 0; i < threads; i++)
        pthread_join(made[i], NULL);
    printf("%d %d %d %d %d %d %lx %d\n", calls, executed, traps, handled, wrong, strange,
           text_sum(), foreign_mappings());
    return 0;
}
