// User and group ids, groups, process groups, sessions.
#include "parity.h"

static void identities(void)
{
	static const long ids[] = {-1, 65535, 65536, 0xfffe, 0x7fffffff, 0x12345678};

	for (size_t i = 0; i < COUNT(ids); i++) {
		CALL(SYS_setreuid, -1, -1);
		CALL(SYS_setresuid, -1, -1, -1);
		CALL(SYS_setfsuid, ids[i] | 0xffff);
		CALL(SYS_setfsgid, ids[i] | 0xffff);
	}
	for (size_t i = 0; i < COUNT(ids); i++) {
		CALL(SYS_setregid, ids[i], -1);
		CALL(SYS_setresgid, -1, ids[i], -1);
		CALL(SYS_setgid, -1);
#ifdef SYS_setgid32
		CALL(SYS_setgid32, -1);
		CALL(SYS_setregid32, ids[i], -1);
		CALL(SYS_setresgid32, -1, ids[i], -1);
		CALL(SYS_setfsgid32, ids[i]);
#endif
	}
}

void run(void)
{
	unsigned *a = edge(4), *b = edge(4), *c = edge(4);
	unsigned *groups = edge(40 * 4);

	// The group of the tracer is another at each run.
	CALL(SYS_setpgid, 0, 0);
	CALL(SYS_getuid);
	CALL(SYS_getgid);
	CALL(SYS_geteuid);
	CALL(SYS_getegid);
	CALL(SYS_getresuid, a, b, c);
	CALL(SYS_getresgid, a, b, BAD);
	CALL(SYS_getresgid, NULL, b, c);
#ifdef SYS_getresuid32
	CALL(SYS_getresuid32, a, b, c);
	CALL(SYS_getresgid32, BAD, b, c);
	CALL(SYS_getuid32);
	CALL(SYS_setgroups32, 2, memcpy(groups + 38, (int[]){1, 70000}, 8));
	CALL(SYS_getgroups32, 40, groups);
	CALL(SYS_setgroups32, -1, groups);
#endif
	for (int i = 0; i < 40; i++)
		groups[i] = i ? i * 1000 : -1;
	CALL(SYS_setgroups, 0x7fffffff, groups);
	CALL(SYS_setgroups, 65537, groups);
	CALL(SYS_setgroups, 3, groups + 1);
	CALL(SYS_getgroups, 0, NULL);
	CALL(SYS_getgroups, 40, groups);
	CALL(SYS_getgroups, 1, groups);
	CALL(SYS_getgroups, -1, BAD);
	CALL(SYS_getgroups, 10, BAD);
	CALL(SYS_setgroups, 4, edge(8));
	CALL(SYS_setgroups, 1, NULL);
	CALL(SYS_setgroups, 0, NULL);
	CALL(SYS_getgroups, 40, groups);
	CALL(SYS_setgroups, 0, BAD);
	identities();
	CALL(SYS_getpgid, 0);
	CALL(SYS_getpgid, -1);
	CALL(SYS_getsid, 0x7fffffff);
	CALL(SYS_setpgid, 0x7fffffff, 0);
	CALL(SYS_setpgid, 0, -1);
	CALL(SYS_getpgrp);
	CALL(SYS_setpgid, 0, 0);
	CALL(SYS_getpid);
	CALL(SYS_gettid);
}
