/* A program to be debugged at the terminal: a list, calls, a signal, two threads, a fork. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct node {
  int value;
  struct node *next;
  double weight;
  enum { RED, GREEN } color;
};

static struct node *head;
static long shared[4];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int push(int value) {
  struct node *node = calloc(1, sizeof *node);
  node->value = value;
  node->next = head;
  node->weight = value / 2.0;
  node->color = GREEN;
  head = node;
  return value * 2;
}

static void *work(void *argument) {
  long number = (long)argument;
  for (int i = 0; i < 3; i++) {
    pthread_mutex_lock(&lock);
    shared[number]++;
    pthread_mutex_unlock(&lock);
  }
  return argument;
}

static void handler(int sig) { shared[3] = sig; }

double half(double x) { return x / 2; }
struct node copy(void) { return *head; }
const char *text(void) { return "a text"; }

int main(void) {
  pthread_t thread;
  int total = 0;
  signal(SIGUSR1, handler);
  for (int i = 0; i < 5; i++)
    total += push(i);
  raise(SIGUSR1);
  pthread_create(&thread, NULL, work, (void *)1);
  pthread_join(thread, NULL);
  printf("%g %d %s %d\n", half(3), copy().value, text(), total);
  fflush(stdout);
  pid_t pid = fork();
  if (pid == 0)
    _exit(7);
  waitpid(pid, NULL, 0);
  return 3;
}
