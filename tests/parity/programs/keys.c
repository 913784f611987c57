// add_key, request_key
#include "parity.h"
#define ADD(...) CALL(SYS_add_key, __VA_ARGS__)
#define REQUEST(...) CALL(SYS_request_key, __VA_ARGS__)

void run(void)
{
	char *data = edge(40);
	memset(data, 'k', 40);
	for (int ring = 1; ring > -11; ring--) {
		ADD(text("no such type"), text("description"), data, 3, ring);
		REQUEST(text("no such type"), text("description"), text("info"), ring);
	}
	ADD(NULL, NULL, NULL, 0, 0);
	ADD(BAD, BAD, BAD, 1, 0x7fffffff);
	ADD(text("0123456789012345678901234567890123456789"), text("x\n\"y"), data, 40, -9);
	ADD(text("user"), text("z"), data, 41, -9);
	ADD(text("user"), text("z"), data, -1, -9);
	ADD(text("user"), text("z"), data, 0, -9);
	REQUEST(NULL, NULL, NULL, 0);
	REQUEST(BAD, BAD, BAD, 0x7fffffff);
	REQUEST(text("0123456789012345678901234567890123456789"), text("x\n\"y"), NULL, -9);
}
