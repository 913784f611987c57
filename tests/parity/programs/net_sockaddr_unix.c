// Addresses of AF_UNIX: pathnames, abstract names, none, too long, cut.
#include "network.h"

static void named(const char *path, size_t size)
{
	unsigned char data[300] = {AF_UNIX, 0};

	memcpy(data + 2, path, size);
	address(data, 2 + size);
}

void run(void)
{
	static const char longest[128] =
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy";
	struct sockaddr_un *whole = edge(sizeof(*whole));

	named("", 0);
	named("\0", 1);
	named("abc", 3);
	named("abc", 4);
	named("abc\0def", 7);
	named("\0abc", 4);
	named("\0a\0b", 4);
	named("\0\0\0", 3);
	named("\377\0011", 3);
	named("a\nb\"c\\d", 7);
	named(longest, 107);
	named(longest, 108);
	named(longest, 109);
	named(longest, 128);
	named("\0longer than the usual limit of strings", 39);
	named("/a/path/longer/than/the/usual/limit/of/strings", 46);
	whole->sun_family = AF_UNIX;
	strcpy(whole->sun_path, "in a whole sockaddr_un");
	CALL(SYS_bind, -1, whole, sizeof(*whole));
	CALL(SYS_connect, -1, copy("\1\0ab", 4), 8);
	CALL(SYS_connect, -1, copy("\1\0ab", 4), 1);
	CALL(SYS_connect, -1, copy("\1\0ab", 4), 0);
	CALL(SYS_connect, -1, copy("\1\0ab", 4), -1);
	CALL(SYS_connect, -1, copy("\1\0ab", 4), 0x7fffffff);
	CALL(SYS_connect, -1, copy("\1\0ab", 4), 0x80000000);
	CALL(SYS_connect, -1, NULL, 16);
	CALL(SYS_connect, -1, BAD, 16);
	CALL(SYS_connect, -1, copy("x", 1), 2);
}
