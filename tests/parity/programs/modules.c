// init_module, finit_module, delete_module, and calls that went away.
#include "parity.h"

void run(void)
{
	char *image = edge(40);
	memset(image, 'm', 40);
	CALL(SYS_init_module, image, 40, text("a=1"));
	CALL(SYS_init_module, image, 3, BAD);
	CALL(SYS_init_module, BAD, -1, NULL);
	CALL(SYS_init_module, NULL, 0, text("0123456789012345678901234567890123456789"));
	for (int flags = 0; flags < 10; flags++)
		CALL(SYS_finit_module, -1, text("option"), flags);
	CALL(SYS_finit_module, -1, BAD, -1);
	CALL(SYS_delete_module, text("no such module"), 0);
	CALL(SYS_delete_module, text("no such module"), 00004000 | 00001000);
	CALL(SYS_delete_module, text("no such module"), -1);
	CALL(SYS_delete_module, BAD, 1);
	CALL(SYS_delete_module, NULL, 00004000);
	CALL(SYS_create_module, text("m"), 100);
	CALL(SYS_get_kernel_syms, NULL);
	CALL(SYS_query_module, text("m"), 1, image, 40, image);
	CALL(SYS_query_module, NULL, 0, NULL, 0, NULL);
}
