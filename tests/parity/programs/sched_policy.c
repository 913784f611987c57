// sched_*: policies, parameters, attributes by size, affinity of odd lengths.
#include "parity.h"

struct attr {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
	uint32_t min, max;
	uint64_t more;
};

static void attributes(void)
{
	struct attr attr = {56, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
	struct attr *out = edge(64);

	for (uint32_t policy = 0; policy < 9; policy++) {
		attr.policy = policy | (policy == 8) << 30;
		attr.flags = 1ULL << policy;
		CALL(SYS_sched_setattr, 0x7fffffff, copy(&attr, 56), 0);
	}
	for (uint32_t size = 0; size <= 72; size += 8) {
		attr.size = size;
		CALL(SYS_sched_setattr, 0x7fffffff, &attr, size);
		CALL(SYS_sched_getattr, 0, out, size, 0);
	}
	attr.size = 56;
	attr.flags = ~0ULL;
	attr.nice = -1;
	CALL(SYS_sched_setattr, -1, &attr, -1);
	CALL(SYS_sched_setattr, -1, edge(40), 0);
	CALL(SYS_sched_setattr, 0, NULL, 0);
	CALL(SYS_sched_setattr, 0, BAD, 0);
	CALL(SYS_sched_getattr, -1, BAD, 48, 7);
	CALL(SYS_sched_getattr, 0, NULL, 48, 0);
	CALL(SYS_sched_getattr, 0, out, 4096, 0);
	CALL(SYS_sched_getattr, 0, out, 48, 1);
}

static void affinity(void)
{
	unsigned char *mask = edge(40);

	CALL(SYS_sched_getaffinity, 0x7fffffff, 40, mask);
	CALL(SYS_sched_getaffinity, 0, 0, mask);
	CALL(SYS_sched_getaffinity, 0, 5, mask);
	CALL(SYS_sched_getaffinity, 0, -1, BAD);
	memset(mask, 0x81, 40);
	CALL(SYS_sched_setaffinity, 0x7fffffff, 0, mask);
	CALL(SYS_sched_setaffinity, 0x7fffffff, 1, mask);
	CALL(SYS_sched_setaffinity, 0x7fffffff, 3, mask);
	CALL(SYS_sched_setaffinity, 0x7fffffff, 4, mask);
	CALL(SYS_sched_setaffinity, 0x7fffffff, 9, mask);
	CALL(SYS_sched_setaffinity, 0x7fffffff, 40, mask);
	CALL(SYS_sched_setaffinity, 0x7fffffff, 41, mask);
	CALL(SYS_sched_setaffinity, 0x7fffffff, -1, mask);
	CALL(SYS_sched_setaffinity, 0x7fffffff, 8, BAD);
	CALL(SYS_sched_setaffinity, 0, 8, NULL);
	memset(mask, 0xff, 40);
	CALL(SYS_sched_setaffinity, 0x7fffffff, 16, mask);
	memset(mask, 0, 40);
	CALL(SYS_sched_setaffinity, 0x7fffffff, 16, mask);
}

void run(void)
{
	static const long policies[] = {0, 1, 2, 3, 4, 5, 6, 7, 0x40000000, 0x40000001, -1, 0x80000000};
	int *param = copy(&(int){5}, 4);
	long *interval = edge(2 * sizeof(long));

	for (size_t i = 0; i < COUNT(policies); i++) {
		CALL(SYS_sched_setscheduler, 0x7fffffff, policies[i], param);
		CALL(SYS_sched_get_priority_max, policies[i]);
		CALL(SYS_sched_get_priority_min, policies[i]);
	}
	CALL(SYS_sched_setscheduler, -1, 0, BAD);
	CALL(SYS_sched_setscheduler, 0, 3 | 0x40000000, copy(&(int){0}, 4));
	CALL(SYS_sched_getscheduler, 0);
	CALL(SYS_sched_getscheduler, -1);
	CALL(SYS_sched_getparam, 0, param);
	CALL(SYS_sched_getparam, -1, param);
	CALL(SYS_sched_getparam, 0, NULL);
	CALL(SYS_sched_setparam, -1, copy(&(int){-7}, 4));
	CALL(SYS_sched_setparam, 0, BAD);
	CALL(SYS_sched_rr_get_interval, 0x7fffffff, interval);
	CALL(SYS_sched_rr_get_interval, 0, BAD);
	CALL(SYS_sched_yield);
	attributes();
	affinity();
#ifdef SYS_sched_rr_get_interval_time64
	CALL(SYS_sched_rr_get_interval_time64, -1, interval);
	CALL(SYS_sched_rr_get_interval_time64, 0, BAD);
#endif
}
