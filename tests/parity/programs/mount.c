// mount, umount, umount2, pivot_root, chroot-like calls that fail.
#include "parity.h"
#include <sys/mount.h>

void run(void)
{
	char *data = edge(60);
	memset(data, 'o', 60);
	CALL(SYS_mount, text("/none"), text("/nowhere"), text("nofs"), 0, text("option"));
	for (int bit = 0; bit < 32; bit++)
		CALL(SYS_mount, text("/none"), text("/nowhere"), text("nofs"), 1UL << bit, NULL);
	CALL(SYS_mount, text("/none"), text("/nowhere"), text("nofs"), 0xc0ed0000, text("x"));
	CALL(SYS_mount, text("/none"), text("/nowhere"), text("nofs"), 0xc0ed0001, NULL);
	CALL(SYS_mount, text("/none"), text("/nowhere"), text("nofs"), 0xc0ed1000, BAD);
	CALL(SYS_mount, text("/none"), text("/nowhere"), text("nofs"), MS_BIND | MS_REC, text("a"));
	CALL(SYS_mount, text("/none"), text("/nowhere"), text("nofs"), MS_REMOUNT, text("a"));
	CALL(SYS_mount, text("/none"), text("/nowhere"), text("nofs"), MS_MOVE, text("a"));
	CALL(SYS_mount, text("/none"), text("/nowhere"), text("nofs"), MS_PRIVATE, text("a"));
	CALL(SYS_mount, text("/none"), text("/nowhere"), text("nofs"), -1, text("a"));
	CALL(SYS_mount, text("/none"), text("/nowhere"), text("nofs"), 0, data);
	CALL(SYS_mount, NULL, NULL, NULL, 0, NULL);
	CALL(SYS_mount, BAD, BAD, BAD, 0, BAD);
	CALL(SYS_mount, BAD, BAD, BAD, MS_BIND, BAD);
	for (int bit = 0; bit < 6; bit++)
		CALL(SYS_umount2, text("/nowhere"), 1 << bit);
	CALL(SYS_umount2, text("/nowhere"), -1);
	CALL(SYS_umount2, NULL, 0);
	CALL(SYS_umount2, BAD, 0);
#ifdef SYS_umount
	CALL(SYS_umount, text("/nowhere"));
	CALL(SYS_umount, BAD);
#endif
	CALL(SYS_pivot_root, text("/nowhere"), text("/nowhere/old"));
	CALL(SYS_pivot_root, BAD, NULL);
}
