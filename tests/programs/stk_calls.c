/* A call of getppid at the end of known ways; argv[1] says which one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define APART __attribute__((noinline, noclone, noipa))

static volatile int sink;

/* Each does something after its call, so that none becomes a jump. */
APART void third(void)
{
	char room[40];
	memset(room, 0, sizeof room);
	sink = getppid() + room[sink & 1];
}

APART void second(void)
{
	third();
	sink++;
}

APART void first(void)
{
	second();
	sink++;
}

APART int deep(int depth)
{
	if (!depth)
		return getppid();
	return deep(depth - 1) + sink;
}

APART void on_signal(int number)
{
	first();
	sink = number;
}

APART void send(void)
{
	raise(SIGUSR1);
	sink++;
}

static void handle(int flags)
{
	static char other[65536];
	stack_t stack = {.ss_sp = other, .ss_size = sizeof other};
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};

	if (flags & SA_ONSTACK)
		sigaltstack(&stack, NULL);
	sigaction(SIGUSR1, &action, NULL);
	send();
}

APART void *worker(void *unused)
{
	first();
	return unused;
}

static void start(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, worker, NULL);
	pthread_join(thread, NULL);
}

/* Code that was made here: push %rbp; mov %rsp,%rbp; mov $SYS_getppid,%eax; syscall; pop; ret */
static void made(void)
{
#ifdef __x86_64__
	static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xb8, 110, 0,
					     0,    0,    0x0f, 5,    0x5d, 0xc3};
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memcpy(page, code, sizeof code);
	((int (*)(void))page)();
#endif
}

/* Two libraries, one after the other, most likely at the same place. */
static void load(char **names)
{
#ifndef STATIC
	for (int i = 0; i < 2; i++) {
		void *library = dlopen(names[i], RTLD_NOW);
		int (*function)(void);

		if (!library) {
			fprintf(stderr, "%s\n", dlerror());
			exit(1);
		}
		*(void **)&function = dlsym(library, "entry");
		sink += function();
		dlclose(library);
	}
#endif
}

int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "calls";
	struct timespec now;

	if (!strcmp(way, "calls"))
		first();
	else if (!strcmp(way, "deep"))
		deep(atoi(argv[2]));
	else if (!strcmp(way, "handler"))
		handle(0);
	else if (!strcmp(way, "altstack"))
		handle(SA_ONSTACK | SA_SIGINFO);
	else if (!strcmp(way, "thread"))
		start();
	else if (!strcmp(way, "vdso"))
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	else if (!strcmp(way, "made"))
		made();
	else if (!strcmp(way, "load"))
		load(argv + 2);
	else if (!strcmp(way, "exec"))
		execl(argv[0], argv[0], "calls", NULL);
	else if (!strcmp(way, "deleted") && !unlink(argv[0]))
		first();
	else if (!strcmp(way, "refused") && execl("/no/such", "such", NULL))
		first();
	else if (!strcmp(way, "wait")) {
		puts("ready");
		fflush(stdout);
		if (getchar() == EOF)
			first();
	} else if (!strcmp(way, "killed"))
		kill(getpid(), SIGKILL);
	return 0;
}
