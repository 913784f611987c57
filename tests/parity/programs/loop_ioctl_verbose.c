// ioctl: loop devices, their structs whole
// options: -v
#include "parity.h"
#include <sys/ioctl.h>
#include <linux/loop.h>
void run(void)
{
	struct loop_info64 *info = edge(sizeof(*info));
	info->lo_offset = 512, info->lo_sizelimit = 1 << 20, info->lo_number = 3, info->lo_flags = 0xff;
	strcpy((char *)info->lo_file_name, "/tmp/image");
	CALL(SYS_ioctl, -1, LOOP_SET_STATUS64, info);
	memset(info->lo_file_name, 'x', 64);
	CALL(SYS_ioctl, -1, LOOP_SET_STATUS64, info);
	CALL(SYS_ioctl, -1, LOOP_GET_STATUS64, info);
	CALL(SYS_ioctl, -1, LOOP_SET_STATUS64, (char *)info + 8);
	struct loop_info *old = edge(sizeof(*old));
	old->lo_number = 2, old->lo_offset = 1, old->lo_flags = LO_FLAGS_READ_ONLY;
	strcpy(old->lo_name, "name");
	CALL(SYS_ioctl, -1, LOOP_SET_STATUS, old);
	struct loop_config *config = edge(sizeof(*config));
	config->fd = 5, config->block_size = 512, config->info.lo_flags = LO_FLAGS_AUTOCLEAR;
	CALL(SYS_ioctl, -1, LOOP_CONFIGURE, config);
	config->__reserved[3] = 9;
	CALL(SYS_ioctl, -1, LOOP_CONFIGURE, config);
	CALL(SYS_ioctl, -1, LOOP_CONFIGURE, 0);
	CALL(SYS_ioctl, -1, LOOP_SET_FD, 7);
	CALL(SYS_ioctl, -1, LOOP_CHANGE_FD, -1);
	CALL(SYS_ioctl, -1, LOOP_CLR_FD, 3);
	CALL(SYS_ioctl, -1, LOOP_SET_CAPACITY, 3);
	CALL(SYS_ioctl, -1, LOOP_SET_DIRECT_IO, 1);
	CALL(SYS_ioctl, -1, LOOP_SET_BLOCK_SIZE, ALL);
	CALL(SYS_ioctl, -1, LOOP_CTL_ADD, 17);
	CALL(SYS_ioctl, -1, LOOP_CTL_REMOVE, -1);
	CALL(SYS_ioctl, -1, LOOP_CTL_GET_FREE, 4);
}
