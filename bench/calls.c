/* Calls one function N times, or waits with M threads: what debuggers are measured on. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

volatile long total;

__attribute__((noinline)) void work(long i)
{
	total += i;
}

static void *wait_for_ever(void *argument)
{
	for (;;)
		pause();
	return argument;
}

int main(int argc, char **argv)
{
	long calls = argc > 1 ? atol(argv[1]) : 0;
	int threads = argc > 2 ? atoi(argv[2]) : 0;
	pthread_t thread;

	for (long i = 0; i < calls; i++)
		work(i);
	for (int i = 0; i < threads; i++)
		pthread_create(&thread, NULL, wait_for_ever, NULL);
	if (threads) {
		puts("ready");
		fflush(stdout);
		wait_for_ever(NULL);
	}
	return 0;
}
