// ioctl: the device mapper
// options: -v
#include "parity.h"
#include <linux/dm-ioctl.h>
#include <sys/ioctl.h>
static char *buffer;
static struct dm_ioctl *begin(int full)
{
	struct dm_ioctl *head = (void *)buffer;
	memset(buffer, 0, 4096);
	head->version[0] = 4, head->version[1] = 2, head->data_size = full ? 4096 : 312;
	head->data_start = full ? 312 : 0, head->target_count = full ? 2 : 0;
	head->flags = full ? 0x100003 : 0, head->event_nr = 7, head->dev = 0xfd01, head->open_count = 5;
	if (full)
		strcpy(head->name, "volume"), strcpy(head->uuid, "uuid-1");
	return head;
}
void run(void)
{
	buffer = edge(4096);
	static const unsigned plain[] = {DM_VERSION, DM_REMOVE_ALL, DM_LIST_DEVICES, DM_DEV_CREATE, DM_DEV_REMOVE, DM_DEV_SUSPEND, DM_DEV_STATUS, DM_DEV_WAIT, DM_TABLE_CLEAR, DM_TABLE_DEPS, DM_TABLE_STATUS, DM_LIST_VERSIONS};
	for (unsigned i = 0; i < COUNT(plain); i++)
		for (int full = 0; full < 2; full++) {
			begin(full);
			CALL(SYS_ioctl, -1, plain[i], buffer);
		}
	begin(1);
	strcpy(buffer + 312, "newname");
	CALL(SYS_ioctl, -1, DM_DEV_RENAME, buffer);
	begin(1);
	struct dm_target_spec *target = (void *)(buffer + 312);
	target->sector_start = 1, target->length = 2, target->next = 64;
	strcpy(target->target_type, "linear"), strcpy((char *)(target + 1), "/dev/x 0");
	target = (void *)(buffer + 376);
	target->sector_start = 3, target->length = 4, strcpy(target->target_type, "zero");
	CALL(SYS_ioctl, -1, DM_TABLE_LOAD, buffer);
	struct dm_target_msg *message = (void *)(begin(1), buffer + 312);
	message->sector = 9, strcpy(message->message, "hello");
	CALL(SYS_ioctl, -1, DM_TARGET_MSG, buffer);
	begin(1)->version[0] = 3;
	CALL(SYS_ioctl, -1, DM_VERSION, buffer);
	CALL(SYS_ioctl, -1, DM_VERSION, 0);
	CALL(SYS_ioctl, -1, DM_VERSION, BAD);
}
