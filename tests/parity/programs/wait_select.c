// select and pselect6: sets, odd sizes, timeouts.
#include "parity.h"

struct pair {
	void *mask;
	size_t size;
};

#ifdef SYS__newselect
#define SELECT SYS__newselect
#else
#define SELECT SYS_select
#endif

void run(void)
{
	unsigned char *in = edge(128), *out = edge(128), *except = edge(8);
	long *time = edge(2 * sizeof(long));
	uint64_t mask = 1 << (SIGUSR1 - 1);
	struct pair *pair = copy(&(struct pair){&mask, 8}, sizeof(*pair));
	int pipes[2];

	CALL(SYS_pipe, pipes);
	in[0] = 1 | 1 << pipes[0];
	out[0] = 1 << pipes[1];
	CALL(SELECT, 8, in, out, except, NULL);
	in[0] = 1 << pipes[0];
	CALL(SELECT, 8, in, NULL, NULL, time);
	time[1] = 1000;
	in[0] = 1 << pipes[0];
	CALL(SELECT, 4, in, NULL, NULL, time);
	time[0] = 2;
	in[0] = 1;
	CALL(SELECT, 1, in, NULL, NULL, time);
	CALL(SELECT, 0, in, out, except, edge(2 * sizeof(long)));
	time[0] = 0;
	time[1] = 0;
	CALL(SELECT, -1, in, out, except, time);
	CALL(SELECT, 0x7fffffff, in, out, NULL, time);
	CALL(SELECT, 1024, in, out, NULL, BAD);
	CALL(SELECT, 1025, in, out, NULL, BAD);
	CALL(SELECT, 64, BAD, NULL, except + 1, NULL);
	in[0] = 1 << 6;
	CALL(SELECT, 7, in, NULL, NULL, NULL);
	time[0] = -1;
	time[1] = 1;
	CALL(SELECT, 7, NULL, NULL, NULL, time);
	time[0] = 0;
	time[1] = 0;
	memset(in, 0, 128);
	in[0] = 1;
	CALL(SYS_pselect6, 8, in, NULL, NULL, time, NULL);
	CALL(SYS_pselect6, 8, in, NULL, NULL, time, pair);
	in[0] = 1 << pipes[0];
	CALL(SYS_pselect6, 8, in, NULL, NULL, time, pair);
	CALL(SYS_pselect6, 8, NULL, NULL, NULL, BAD, BAD);
	pair->size = 4;
	CALL(SYS_pselect6, 8, in, NULL, NULL, NULL, pair);
	pair->size = 128;
	CALL(SYS_pselect6, 8, in, NULL, NULL, NULL, pair);
	*pair = (struct pair){BAD, 8};
	CALL(SYS_pselect6, 8, in, NULL, NULL, NULL, pair);
	*pair = (struct pair){NULL, 8};
	CALL(SYS_pselect6, 8, in, NULL, NULL, time, pair);
	*pair = (struct pair){NULL, 0};
	CALL(SYS_pselect6, -5, in, BAD, out, time, pair);
#ifdef SYS_pselect6_time64
	int64_t wide[2] = {1, 2};
	in[0] = 1;
	CALL(SYS_pselect6_time64, 8, in, NULL, NULL, wide, pair);
	CALL(SYS_pselect6_time64, 8, in, NULL, NULL, BAD, NULL);
	uint32_t old[5] = {8, (uint32_t)in, 0, 0, 0};
	CALL(SYS_select, old);
	CALL(SYS_select, BAD);
	CALL(SYS_select, NULL);
#endif
}
