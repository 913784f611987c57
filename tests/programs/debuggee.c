/* What a debugger is tried on: calls, loops, signals, children, libraries, by the argument. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct point {
	int x, y;
};

volatile int global = 5;
volatile long counter;
static char buffer[64] __attribute__((aligned(64)));

__attribute__((noinline)) int square(int v)
{
	int r = v * v;
	return r;
}

__attribute__((noinline)) int add(int a, int b)
{
	int sum = a + b;
	sum += square(b);
	return sum;
}

__attribute__((noinline)) void work(long i)
{
	__sync_fetch_and_add(&counter, i);
}

static void handler(int number)
{
	global += number;
}

static void *many(void *argument)
{
	for (long i = 0; i < (long)argument; i++)
		work(1);
	return NULL;
}

static void *next_one(void *argument)
{
	pthread_t thread;
	pthread_detach(pthread_self());
	work(1);
	while (pthread_create(&thread, NULL, next_one, argument) != 0)
		usleep(100);
	return NULL;
}

static int threads(int number, long calls)
{
	pthread_t thread[64];
	for (int i = 0; i < number; i++)
		pthread_create(&thread[i], NULL, many, (void *)calls);
	for (int i = 0; i < number; i++)
		pthread_join(thread[i], NULL);
	printf("%ld\n", counter);
	return counter == number * calls ? 0 : 1;
}

static int child(int shared)
{
	int status;
	pid_t pid = shared ? vfork() : fork();
	if (pid == 0) {
		work(10);
		_exit(3);
	}
	waitpid(pid, &status, 0);
	work(1);
	printf("%d %ld\n", WEXITSTATUS(status), counter);
	return 0;
}

static int spawns(char *program, int shared)
{
	int status;
	pid_t pid = shared ? vfork() : fork();
	if (pid == 0) {
		work(1);
		execl(program, program, "sum", NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	work(1);
	return WEXITSTATUS(status);
}

static int sum(void)
{
	struct point p = { 1, 2 };
	int i;
	for (i = 0; i < 3; i++)
		p.x += add(i, p.y);
	printf("%d\n", p.x);
	return p.x;
}

static int loads(char *library)
{
	void *handle = dlopen(library, RTLD_NOW);
	if (handle == NULL)
		return 1;
	int (*function)(int) = dlsym(handle, "in_library");
	int result = function(4);
	dlclose(handle);
	return result;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "sum";
	signal(SIGUSR1, handler);
	if (!strcmp(what, "sum"))
		return sum();
	if (!strcmp(what, "threads"))
		return threads(atoi(argv[2]), atol(argv[3]));
	if (!strcmp(what, "fork") || !strcmp(what, "vfork"))
		return child(what[0] == 'v');
	if (!strcmp(what, "exec") || !strcmp(what, "vexec"))
		return spawns(argv[0], what[0] == 'v');
	if (!strcmp(what, "load"))
		return loads(argv[2]);
	if (!strcmp(what, "watch")) {
		global = 6;
		global = 6;
		buffer[3] = 'x';
		counter = global;
		raise(SIGUSR1);
		return global;
	}
	if (!strcmp(what, "signal")) {
		raise(SIGUSR1);
		return global;
	}
	if (!strcmp(what, "forever")) {
		puts("ready");
		fflush(stdout);
		for (;;)
			work(1);
	}
	if (!strcmp(what, "short-threads")) {
		/* The leader ends; threads are made, and end, without an end. */
		pthread_t thread;
		pthread_create(&thread, NULL, next_one, NULL);
		pthread_exit(NULL);
	}
	if (!strcmp(what, "threads-forever")) {
		pthread_t thread;
		for (int i = 0; i < 4; i++)
			pthread_create(&thread, NULL, many, (void *)LONG_MAX);
		puts("ready");
		fflush(stdout);
		for (;;)
			pause();
	}
	return 2;
}
