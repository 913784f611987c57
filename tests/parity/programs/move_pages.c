// move_pages: arrays of addresses, nodes and states.
#include "parity.h"

void run(void)
{
	char *page = mmap((void *)0x10000000, 8192, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	*page = 1;
	void **pages = edge(3 * sizeof(void *));
	pages[0] = page;
	pages[1] = page + 4096;
	pages[2] = BAD;
	int *nodes = edge(3 * sizeof(int)), *status = edge(3 * sizeof(int));
	nodes[1] = 1;
	nodes[2] = -1;
	CALL(SYS_move_pages, 0, 3, pages, NULL, status, 0);
	CALL(SYS_move_pages, 0, 0, pages, nodes, status, 2);
	CALL(SYS_move_pages, -1, 3, pages, nodes, status, 2);
	CALL(SYS_move_pages, 0, 4, pages, nodes, status, 6);
	CALL(SYS_move_pages, 0, 2, pages, NULL, status + 2, 0);
	CALL(SYS_move_pages, 0, 3, BAD, BAD, BAD, 2);
	CALL(SYS_move_pages, 0, 3, NULL, NULL, NULL, 1);
	CALL(SYS_move_pages, 0, 3, pages, nodes, status, -1);
	CALL(SYS_move_pages, 0, -1, pages, nodes, status, 2);
	void **many = edge(40 * sizeof(void *));
	CALL(SYS_move_pages, 0, 40, many, NULL, edge(160), 0);
}
