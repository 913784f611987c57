// arch_prctl, modify_ldt, set_thread_area, get_thread_area, iopl, ioperm.
#include "parity.h"

void run(void)
{
	struct { unsigned entry, base, limit, bits; } descriptor = {-1, 0x1000, 0xfffff, 0x51};
	long *where = edge(sizeof(long));

	for (long code = 0x1001; code < 0x1006; code++)
		if (code != 0x1002 && code != 0x1001)
			CALL(SYS_arch_prctl, code, where);
	CALL(SYS_arch_prctl, 0x1003, BAD);
	CALL(SYS_arch_prctl, 0x1004, NULL);
	CALL(SYS_arch_prctl, 0x1011, 1);
	CALL(SYS_arch_prctl, 0x1012, 1);
	CALL(SYS_arch_prctl, 0x1021, where);
	CALL(SYS_arch_prctl, 0x1022, where);
	CALL(SYS_arch_prctl, 0x1023, 18);
	CALL(SYS_arch_prctl, 0x2001, 5);
	CALL(SYS_arch_prctl, 0x12345, 5);
	CALL(SYS_arch_prctl, -1, -1);
#ifdef __i386__
	CALL(SYS_set_thread_area, &descriptor);
	CALL(SYS_get_thread_area, &descriptor);
	descriptor.entry = 100;
	CALL(SYS_set_thread_area, &descriptor);
	CALL(SYS_get_thread_area, &descriptor);
#endif
	CALL(SYS_set_thread_area, NULL);
	CALL(SYS_set_thread_area, BAD);
	CALL(SYS_get_thread_area, BAD);
	descriptor.entry = 4;
	for (long function = -1; function < 4; function++) {
		CALL(SYS_modify_ldt, 0x10000 + function, &descriptor, 16);
		CALL(SYS_modify_ldt, function == 1 ? 77 : function, BAD, 16);
	}
	CALL(SYS_modify_ldt, 1, &descriptor, 15);
	CALL(SYS_modify_ldt, 0x11, &descriptor, ALL);
	CALL(SYS_modify_ldt, 1, NULL, 0);
}
