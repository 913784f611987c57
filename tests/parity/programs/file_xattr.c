// Extended attributes.
#include "parity.h"

void run(void)
{
	static const long flags[] = {0, 1, 2, 3, 4, 0x7ffffff0};
	char *buffer = edge(64);
	long fd = CALL(SYS_open, "f", O_CREAT | O_RDWR, 0600);

	for (size_t i = 0; i < COUNT(flags); i++)
		CALL(SYS_setxattr, "none", "user.a", "value\1\2", 7, flags[i]);
	CALL(SYS_setxattr, "f", "trusted.a", "value", 5, 0);
	CALL(SYS_lsetxattr, "f", "trusted.b", "value\0\n", 7, 1);
	CALL(SYS_fsetxattr, fd, "trusted.c", buffer, 64, 0);
	CALL(SYS_setxattr, "f", text("a name of an attribute that is longer than thirty-two"), "v", 1, 0);
	CALL(SYS_setxattr, "f", "trusted.d", NULL, 0, 0);
	CALL(SYS_setxattr, "f", "trusted.d", NULL, 10, 0);
	CALL(SYS_setxattr, "f", "trusted.d", BAD, 10, 0);
	CALL(SYS_setxattr, "f", "trusted.d", buffer, 65, 0);
	CALL(SYS_setxattr, BAD, BAD, BAD, ALL, 0);
	CALL(SYS_fsetxattr, -1, NULL, NULL, 0, 0);
	CALL(SYS_getxattr, "f", "trusted.a", buffer, 64);
	CALL(SYS_getxattr, "f", "trusted.b", buffer, 64);
	CALL(SYS_getxattr, "f", "trusted.b", buffer, 3);
	CALL(SYS_getxattr, "f", "trusted.b", NULL, 0);
	CALL(SYS_getxattr, "f", "trusted.b", buffer, 0);
	CALL(SYS_getxattr, "f", "trusted.c", buffer, 64);
	CALL(SYS_lgetxattr, "none", "trusted.b", buffer, 64);
	CALL(SYS_fgetxattr, fd, "trusted.a", buffer, 64);
	CALL(SYS_fgetxattr, -1, BAD, BAD, ALL);
	CALL(SYS_listxattr, "f", buffer, 64);
	CALL(SYS_listxattr, "f", NULL, 0);
	CALL(SYS_listxattr, "f", buffer, 4);
	CALL(SYS_llistxattr, "none", buffer, 64);
	CALL(SYS_flistxattr, fd, buffer, 64);
	CALL(SYS_flistxattr, -1, BAD, ALL);
	CALL(SYS_removexattr, "f", "trusted.a");
	CALL(SYS_lremovexattr, "f", "trusted.none");
	CALL(SYS_lremovexattr, NULL, NULL);
	CALL(SYS_fremovexattr, fd, "trusted.b");
	CALL(SYS_fremovexattr, -1, BAD);
}
