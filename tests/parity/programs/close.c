// close and close_range.
#include "parity.h"

void run(void)
{
	CALL(SYS_close, -1);
	CALL(SYS_close, 0);
	CALL(SYS_close, 0x7fffffff);
	CALL(SYS_close, 0x123456789aUL);
	CALL(SYS_close_range, 100, 200, 0);
	CALL(SYS_close_range, 200, 100, 0);
	CALL(SYS_close_range, 100, -1, 2);
	CALL(SYS_close_range, 100, 200, 4);
	CALL(SYS_close_range, 100, 200, ALL);
}
