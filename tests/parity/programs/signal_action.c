// rt_sigaction, sigaction, signal, sgetmask, ssetmask: dispositions.
#include "parity.h"

struct action {
	unsigned long handler, flags, restorer;
	uint64_t mask;
} __attribute__((packed));

void run(void)
{
	static const unsigned long handlers[] = {0, 1, -1UL, 0x1234, 2};
	static const unsigned long flags[] = {
		0, 1, 2, 4, 8, 0x10, 0x400, 0x800, 0x02000000, 0x08000000, 0x10000000, 0x40000000, 0x80000000,
		0x04000000, 0x1c000000, 0x20000000, 0x7fffffff, -1UL,
	};
	static const uint64_t masks[] = {0, 1, 2, 0x7fffffff, 1ULL << 31, 3ULL << 31, -1ULL, ~1ULL, 0xffffffff00000000, 0x5555555555555555, ~0x4100ULL};
	struct action action = {0}, *old = edge(160);

	for (size_t i = 0; i < COUNT(handlers); i++) {
		action.handler = handlers[i];
		CALL(SYS_rt_sigaction, 65 + i, &action, old, 8);
	}
	for (size_t i = 0; i < COUNT(flags); i++) {
		action = (struct action){0x1000, flags[i], 0x2000, 0};
		CALL(SYS_rt_sigaction, 0, &action, old, 8);
	}
	for (size_t i = 0; i < COUNT(masks); i++) {
		action = (struct action){1, 0, 0, masks[i]};
		CALL(SYS_rt_sigaction, SIGUSR1, &action, old, 8);
	}
	for (long number = 1; number < 66; number += 3)
		CALL(SYS_rt_sigaction, number, NULL, old, 8);
	CALL(SYS_rt_sigaction, -1, NULL, NULL, 8);
	CALL(SYS_rt_sigaction, SIGUSR1, NULL, edge(sizeof(*old)), 8);
	CALL(SYS_rt_sigaction, SIGUSR1, &action, NULL, 4);
	CALL(SYS_rt_sigaction, SIGUSR1, &action, NULL, 128);
	CALL(SYS_rt_sigaction, SIGUSR1, BAD, old, 8);
	CALL(SYS_rt_sigaction, SIGUSR1, NULL, BAD, 8);
	CALL(SYS_rt_sigaction, SIGUSR1, (char *)copy(&action, sizeof(action)) + 1, NULL, 8);
#ifdef SYS_sigaction
	struct { unsigned long handler, mask, flags, restorer; } first = {0x1000, 0x10, 0x14000000, 0x2000}, was;
	CALL(SYS_sigaction, SIGUSR2, &first, &was);
	CALL(SYS_sigaction, SIGUSR2, copy(&first, 16), &was);
	CALL(SYS_sigaction, SIGUSR2, NULL, &was);
	CALL(SYS_sigaction, 0, BAD, BAD);
	CALL(SYS_sigaction, 100, edge(15), NULL);
	CALL(SYS_signal, SIGUSR2, 0);
	CALL(SYS_signal, SIGUSR2, 1);
	CALL(SYS_signal, SIGUSR2, 0x1234);
	CALL(SYS_signal, SIGUSR2, -1);
	CALL(SYS_signal, 77, 0);
	CALL(SYS_signal, SIGUSR2, 1);
	CALL(SYS_sgetmask);
	CALL(SYS_ssetmask, 0x100);
	CALL(SYS_sgetmask);
	CALL(SYS_ssetmask, 0x7fffffff);
	CALL(SYS_ssetmask, 0);
#endif
}
