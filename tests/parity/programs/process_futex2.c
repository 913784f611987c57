// futex_waitv, futex_wake, futex_wait, futex_requeue; robust lists.
#include "parity.h"

struct waiter {
	uint64_t value, address;
	uint32_t flags, reserved;
};

void run(void)
{
	struct waiter waiters[3] = {{1, 0x1000, 2, 0}, {0, 0, 0x82, 0}, {-1ULL, 0x123456789, 0x7fffff7c, 5}};
	int64_t *time = copy(((int64_t[]){0, -1}), 16);
	struct waiter *edged = copy(waiters, sizeof(waiters));
	long *head = edge(sizeof(long)), *length = edge(sizeof(long));

	CALL(449, waiters, 3, 0, time, 1);
	CALL(449, edged, 2, 1, NULL, 0);
	CALL(449, edged, 4, 0, BAD, 99);
	CALL(449, edged, 0, 0, NULL, 0);
	CALL(449, edged, 129, -1, NULL, -1);
	CALL(449, NULL, 1, 0, NULL, 0);
	CALL(449, BAD, 1, 0, (char *)time + 1, 7);
	CALL(454, 0x1000, 0xffffffff, 1, 0x82);
	CALL(454, BAD, ALL, -1, -1);
	CALL(455, 0x1001, 5, 6, 0x82, time, 1);
	CALL(455, NULL, 5, 6, 0x7f, BAD, 99);
	CALL(456, edged, 0, 1, 2);
	CALL(456, NULL, 1, -1, 0x80000000);
	CALL(SYS_get_robust_list, 0x7fffffff, head, length);
	CALL(SYS_get_robust_list, 0, BAD, NULL);
	CALL(SYS_set_robust_list, NULL, 0);
	CALL(SYS_set_robust_list, 0x1000, 3 * sizeof(long));
	CALL(SYS_get_robust_list, 0, head, length);
	CALL(SYS_set_robust_list, NULL, 3 * sizeof(long));
	CALL(SYS_set_tid_address, BAD);
	CALL(SYS_set_tid_address, NULL);
}
