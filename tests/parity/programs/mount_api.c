// fsopen, fsconfig, fsmount, fspick, open_tree, move_mount
#include "parity.h"
#include <linux/mount.h>
#include <sched.h>

void run(void)
{
	char *data = edge(40);
	memset(data, 'b', 40);
	CALL(SYS_unshare, CLONE_NEWNS);
	long fd = CALL(SYS_fsopen, text("tmpfs"), FSOPEN_CLOEXEC);
	CALL(SYS_fsopen, text("no such file system"), 0);
	CALL(SYS_fsopen, BAD, -1);
	CALL(SYS_fsopen, NULL, 2);
	for (int cmd = -1; cmd < 11; cmd++) {
		CALL(SYS_fsconfig, -1, cmd, text("key"), text("value"), 5);
		CALL(SYS_fsconfig, -1, cmd, NULL, NULL, 0);
		CALL(SYS_fsconfig, -1, cmd, BAD, BAD, -1);
		CALL(SYS_fsconfig, -1, cmd, text("key"), data, 40);
		CALL(SYS_fsconfig, -1, cmd, text("key"), data, -100);
	}
	CALL(SYS_fsconfig, fd, FSCONFIG_SET_STRING, text("size"), text("1m"), 0);
	CALL(SYS_fsconfig, fd, FSCONFIG_SET_STRING,
	     text("0123456789012345678901234567890123456789"), text("1m"), 0);
	CALL(SYS_fsconfig, fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	long mount = CALL(SYS_fsmount, fd, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC);
	CALL(SYS_fsmount, -1, -1, -1);
	for (int bit = 0; bit < 24; bit++)
		CALL(SYS_fsmount, -1, 0, 1 << bit);
	CALL(SYS_fspick, -1, text("x"), 0);
	CALL(SYS_fspick, -100, text("/nowhere"), 15);
	CALL(SYS_fspick, -100, BAD, 0xfffffff0);
	CALL(SYS_open_tree, -1, text("x"), 0);
	CALL(SYS_open_tree, -100, text("/nowhere"), 0x1 | 02000000 | 0x8000 | 0x1000);
	CALL(SYS_open_tree, -100, BAD, 0x100);
	CALL(SYS_open_tree, -100, NULL, -1);
	CALL(SYS_move_mount, -1, text(""), -100, text("/nowhere"), 0);
	CALL(SYS_move_mount, mount, text(""), -100, text("/nowhere"), MOVE_MOUNT_F_EMPTY_PATH);
	CALL(SYS_move_mount, -1, text("a"), -1, text("b"), 0x77);
	CALL(SYS_move_mount, -100, BAD, -100, NULL, 0xfffffe88);
}
