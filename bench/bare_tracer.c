/* The least that a system-call tracer does: wait, ask what the stop is, resume.
   Prints nothing; its exit status is the command's.  Usage: bare_tracer COMMAND [ARGUMENT...] */
#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    char info[128];
    int status, options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
    if (argc < 2)
        return 2;
    pid_t child = fork();
    if (child == 0) {
        ptrace(PTRACE_TRACEME, 0, 0, 0);
        raise(SIGSTOP);
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    if (waitpid(child, &status, __WALL) != child || !WIFSTOPPED(status) ||
        ptrace(PTRACE_SETOPTIONS, child, 0, options) != 0 ||
        ptrace(PTRACE_SYSCALL, child, 0, 0) != 0)
        return 126;
    for (;;) {
        int signal = 0;
        pid_t tid = waitpid(-1, &status, __WALL);
        if (tid < 0)
            return errno;
        if (WIFEXITED(status))
            return WEXITSTATUS(status);
        if (WIFSIGNALED(status))
            return 128 + WTERMSIG(status);
        if (WSTOPSIG(status) == (SIGTRAP | 0x80))
            ptrace(PTRACE_GET_SYSCALL_INFO, tid, (void *)sizeof info, info);
        else if (WSTOPSIG(status) != SIGTRAP)
            signal = WSTOPSIG(status);
        ptrace(PTRACE_SYSCALL, tid, 0, signal);
    }
}
