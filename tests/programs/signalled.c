/* Sends itself a signal, by a system call of its own. */
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

volatile int caught;

static void handler(int number) {
  caught = number;
}

static void notify(void) {
  long pid = getpid(), number = SIGUSR1, result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(SYS_kill), "D"(pid), "S"(number) : "rcx", "r11", "memory");
  caught += (int)result;
}

int main(void) {
  signal(SIGUSR1, handler);
  notify();
  notify();
  return caught;
}
