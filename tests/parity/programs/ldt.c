// modify_ldt, arch_prctl, iopl, ioperm
#include "parity.h"
#include <asm/ldt.h>
#ifndef SYS_arch_prctl
#define SYS_arch_prctl 384
#endif

void run(void)
{
	struct user_desc *desc = edge(sizeof(*desc));
	char *buffer = edge(64);
	CALL(SYS_modify_ldt, 0, buffer, 64);
	CALL(SYS_modify_ldt, 0, buffer, 0);
	CALL(SYS_modify_ldt, 0, BAD, 64);
	CALL(SYS_modify_ldt, 2, buffer, 64);
	for (int func = 1; func < 0x12; func += 16 - 0 * func) {
		desc->entry_number = func;
		desc->base_addr = 0x12345000;
		desc->limit = 0xfffff;
		desc->seg_32bit = 1;
		desc->contents = 2;
		desc->limit_in_pages = 1;
		desc->seg_not_present = 1;
		CALL(SYS_modify_ldt, func, desc, sizeof(*desc));
		desc->useable = desc->read_exec_only = 1;
		CALL(SYS_modify_ldt, func, desc, sizeof(*desc));
		CALL(SYS_modify_ldt, func, desc, sizeof(*desc) - 1);
		CALL(SYS_modify_ldt, func, desc, sizeof(*desc) + 1);
		CALL(SYS_modify_ldt, func, BAD, sizeof(*desc));
		CALL(SYS_modify_ldt, func, NULL, sizeof(*desc));
	}
	desc->entry_number = -1;
	desc->base_addr = 0;
	desc->limit = 0;
	CALL(SYS_modify_ldt, 1, desc, sizeof(*desc));
	CALL(SYS_modify_ldt, 77, desc, sizeof(*desc));
	CALL(SYS_modify_ldt, -1, desc, -1);
	CALL(SYS_iopl, 4);
	CALL(SYS_iopl, -1);
	CALL(SYS_ioperm, 0x10000, 5, 1);
	CALL(SYS_ioperm, -1, -1, 0);
}
