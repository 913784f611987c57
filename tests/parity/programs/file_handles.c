// name_to_handle_at, open_by_handle_at, lookup_dcookie
#include "parity.h"

struct handle {
	unsigned bytes;
	int type;
	unsigned char data[128];
};

void run(void)
{
	int *mount = edge(4);
	struct handle *h = edge(8 + 128);
	CALL(SYS_creat, text("f"), 0600);
	CALL(SYS_name_to_handle_at, -100, text("nothing"), h, mount, 0);
	CALL(SYS_name_to_handle_at, -1, text("f"), h, mount, 0x1400);
	CALL(SYS_name_to_handle_at, -100, BAD, h, mount, 0x200);
	CALL(SYS_name_to_handle_at, -100, text("f"), BAD, BAD, -1);
	CALL(SYS_name_to_handle_at, -100, text("f"), NULL, NULL, 0);
	h->bytes = 129;
	CALL(SYS_name_to_handle_at, -100, text("f"), h, mount, 0);
	for (unsigned bytes = 0; bytes <= 128; bytes = bytes * 2 + 8) {
		struct handle *small = edge(8 + bytes);
		small->bytes = bytes;
		small->type = 1;
		memset(small->data, 0xab, bytes);
		CALL(SYS_open_by_handle_at, -1, small, 02);
	}
	h->bytes = 129;
	CALL(SYS_open_by_handle_at, -100, h, 0);
	CALL(SYS_open_by_handle_at, -100, BAD, 0x5003);
	CALL(SYS_open_by_handle_at, -100, NULL, -1);
	CALL(SYS_lookup_dcookie, 1, 2, h, 3);
}
