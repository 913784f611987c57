/* Checks what a process can see of itself and of its children, and prints one line a check.
   A traced run must print what an untraced run prints. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t seen[65];
static volatile sig_atomic_t order[64], orders;
static volatile int code_seen, value_seen;

static void note(int signal, siginfo_t *info, void *context)
{
    seen[signal]++;
    if (orders < 64)
        order[orders++] = signal;
    code_seen = info->si_code;
    value_seen = info->si_value.sival_int;
}

static void catch(int signal, int flags)
{
    struct sigaction action = {.sa_sigaction = note, .sa_flags = flags | SA_SIGINFO};
    sigaction(signal, &action, NULL);
}

static void say(const char *what, long value)
{
    printf("%s %ld\n", what, value);
    fflush(stdout);
}

static void dispositions(void)
{
    sigset_t set;
    struct sigaction action;
    sigprocmask(SIG_BLOCK, NULL, &set);
    long blocked = 0, ignored = 0;
    for (int i = 1; i < 65; i++) {
        blocked += sigismember(&set, i) == 1;
        if (sigaction(i, NULL, &action) == 0)
            ignored += action.sa_handler == SIG_IGN;
    }
    say("blocked at start", blocked);
    say("ignored at start", ignored);
    say("cpus", sysconf(_SC_NPROCESSORS_ONLN));
    cpu_set_t cpus;
    sched_getaffinity(0, sizeof cpus, &cpus);
    say("affinity", CPU_COUNT(&cpus));
    say("policy", sched_getscheduler(0));
    say("open files", fcntl(3, F_GETFD) == -1 && fcntl(9, F_GETFD) == -1);
}

static void handlers(void)
{
    catch(SIGUSR1, 0);
    catch(SIGRTMIN + 1, 0);
    for (int i = 0; i < 100; i++)
        raise(SIGUSR1);
    say("handled", seen[SIGUSR1]);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN + 1);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    for (int i = 0; i < 5; i++) {
        sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 40 + i});
        kill(getpid(), SIGUSR1);
    }
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    say("queued and delivered", seen[SIGRTMIN + 1]);
    say("merged and delivered", seen[SIGUSR1]);
    say("si_value of the last", value_seen);
    say("ignored signal", (signal(SIGUSR2, SIG_IGN), kill(getpid(), SIGUSR2)));
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigqueue(getpid(), SIGRTMIN + 1, (union sigval){.sival_int = 77});
    siginfo_t info;
    say("sigwaitinfo", sigwaitinfo(&set, &info) - SIGRTMIN);
    say("its value", info.si_value.sival_int);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void waits(void)
{
    int status, told[2];
    char byte = 0;
    siginfo_t info;
    if (pipe(told))
        abort();
    pid_t child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        /* A child that stops again isn't "continued" any more: only when that was seen. */
        if (read(told[0], &byte, 1) != 1)
            abort();
        raise(SIGTSTP);
        _exit(23);
    }
    waitpid(child, &status, WUNTRACED);
    say("stopped by", WIFSTOPPED(status) ? WSTOPSIG(status) : -status);
    kill(child, SIGCONT);
    waitpid(child, &status, WCONTINUED);
    say("continued", WIFCONTINUED(status) != 0);
    if (write(told[1], &byte, 1) != 1)
        abort();
    close(told[0]);
    close(told[1]);
    waitid(P_PID, child, &info, WSTOPPED);
    say("stopped again", info.si_status * 100 + info.si_code);
    kill(child, SIGCONT);
    waitid(P_PID, child, &info, WEXITED);
    say("exited", info.si_status * 100 + info.si_code);
    static const int deaths[] = {SIGKILL, SIGTERM, SIGSEGV, SIGABRT};
    for (unsigned i = 0; i < sizeof deaths / sizeof *deaths; i++) {
        child = fork();
        if (child == 0) {
            prctl(PR_SET_DUMPABLE, 0);
            kill(getpid(), deaths[i]);
            for (;;)
                pause();
        }
        waitpid(child, &status, 0);
        say("killed by", WIFSIGNALED(status) ? WTERMSIG(status) : -status);
    }
    child = vfork();
    if (child == 0)
        _exit(3);
    waitpid(child, &status, 0);
    say("vforked child", WEXITSTATUS(status));
    child = fork();
    if (child == 0)
        pause();
    say("nothing yet", waitpid(child, &status, WNOHANG | WUNTRACED));
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
}

static int main_sleeps(void)
{
    char path[64], text[256] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", getpid());
    int file = open(path, O_RDONLY);
    ssize_t size = read(file, text, sizeof text - 1);
    close(file);
    char *end = size > 0 ? strrchr(text, ')') : NULL;
    return end != NULL && end[2] == 'S';
}

/* Interrupts the main thread once it is in its read, and then ends that read if it goes on. */
static void *send_later(void *arg)
{
    struct timespec moment = {0, 30000000};
    while (!main_sleeps())
        sched_yield();
    pthread_kill(*(pthread_t *)arg, SIGUSR1);
    nanosleep(&moment, NULL);
    write(((int *)((pthread_t *)arg + 1))[0], "x", 1);
    return NULL;
}

static void restarts(void)
{
    struct { pthread_t thread; int fds[2]; } arg = {.thread = pthread_self()};
    int fds[2];
    char byte;
    for (int flags = 0; flags < 2; flags++) {
        catch(SIGUSR1, flags ? SA_RESTART : 0);
        if (pipe(fds))
            exit(1);
        arg.fds[0] = fds[1];
        pthread_t thread;
        pthread_create(&thread, NULL, send_later, &arg);
        long got = read(fds[0], &byte, 1);
        say(flags ? "restarted read" : "interrupted read", got < 0 ? -errno : got);
        pthread_join(thread, NULL);
        close(fds[0]);
        close(fds[1]);
    }
    catch(SIGALRM, SA_RESTART);
    /* Once more, should the first one come before the call that it is to interrupt. */
    struct itimerval soon = {{0, 300000}, {0, 20000}}, never = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &soon, NULL);
    struct timespec second = {20, 60000000}, left = {0, 0};
    say("nanosleep", nanosleep(&second, &left) ? -errno : 0);
    say("time left", left.tv_sec > 0 && left.tv_sec <= 20);
    kill(getpid(), SIGWINCH);
    setitimer(ITIMER_REAL, &soon, NULL);
    say("pause", pause() ? -errno : 0);
    setitimer(ITIMER_REAL, &never, NULL);
    signal(SIGUSR2, SIG_IGN);
    arg.thread = pthread_self();
    struct timespec tick = {0, 40000000};
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    say("whole sleep", clock_nanosleep(CLOCK_MONOTONIC, 0, &tick, NULL));
    clock_gettime(CLOCK_MONOTONIC, &after);
    long slept = (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
    say("slept long enough", slept >= 39);
}

static void timers(void)
{
    seen[SIGALRM] = 0;
    catch(SIGALRM, SA_RESTART);
    struct itimerval often = {{0, 5000}, {0, 5000}}, off = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &often, NULL);
    while (seen[SIGALRM] < 5)
        getppid();
    setitimer(ITIMER_REAL, &off, NULL);
    say("five ticks", seen[SIGALRM] >= 5);
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN + 1};
    event.sigev_value.sival_int = 99;
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    struct itimerspec once = {.it_value = {0, 10000000}};
    int before = seen[SIGRTMIN + 1];
    timer_settime(timer, 0, &once, NULL);
    while (seen[SIGRTMIN + 1] == before)
        getppid();
    say("timer value", value_seen);
    say("timer code", code_seen);
}

static sigjmp_buf back;

static void jump(int signal)
{
    siglongjmp(back, signal);
}

static void faults(void)
{
    int signal_caught;
    signal(SIGSEGV, jump);
    if ((signal_caught = sigsetjmp(back, 1)) == 0)
        *(volatile int *)8 = 1;
    say("caught", signal_caught);
    signal(SIGTRAP, jump);
    if ((signal_caught = sigsetjmp(back, 1)) == 0)
        __asm__ volatile("int3");
    say("caught", signal_caught);
    signal(SIGFPE, jump);
    if ((signal_caught = sigsetjmp(back, 1)) == 0)
        raise(SIGFPE);
    say("caught", signal_caught);
}

int main(void)
{
    dispositions();
    handlers();
    waits();
    restarts();
    timers();
    faults();
    say("handlers in all", seen[SIGUSR1] > 100);
    return 11;
}
