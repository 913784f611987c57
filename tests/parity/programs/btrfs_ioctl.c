// ioctl: btrfs
#include "parity.h"
#include <linux/btrfs.h>
#include <sys/ioctl.h>
void run(void)
{
	struct btrfs_ioctl_vol_args *volume = edge(sizeof(*volume));
	volume->fd = 5, strcpy(volume->name, "snapshot");
	CALL(SYS_ioctl, -1, BTRFS_IOC_SNAP_CREATE, volume);
	CALL(SYS_ioctl, -1, BTRFS_IOC_SUBVOL_CREATE, volume);
	CALL(SYS_ioctl, -1, BTRFS_IOC_RESIZE, volume);
	CALL(SYS_ioctl, -1, BTRFS_IOC_SYNC, volume);
	CALL(SYS_ioctl, -1, BTRFS_IOC_BALANCE_CTL, 2);
	CALL(SYS_ioctl, -1, BTRFS_IOC_BALANCE_CTL, 5);
	struct btrfs_ioctl_vol_args_v2 *second = edge(sizeof(*second));
	second->fd = 5, second->flags = BTRFS_SUBVOL_RDONLY, strcpy(second->name, "two");
	CALL(SYS_ioctl, -1, BTRFS_IOC_SNAP_CREATE_V2, second);
	uint64_t *number = edge(8);
	*number = 3;
	CALL(SYS_ioctl, -1, BTRFS_IOC_DEFAULT_SUBVOL, number);
	CALL(SYS_ioctl, -1, BTRFS_IOC_SUBVOL_SETFLAGS, number);
	CALL(SYS_ioctl, -1, BTRFS_IOC_SUBVOL_GETFLAGS, number);
	struct btrfs_ioctl_qgroup_create_args *create = edge(sizeof(*create));
	create->create = 1, create->qgroupid = 77;
	CALL(SYS_ioctl, -1, BTRFS_IOC_QGROUP_CREATE, create);
	struct btrfs_ioctl_defrag_range_args *defrag = edge(sizeof(*defrag));
	defrag->len = ~0ULL, defrag->flags = 3, defrag->compress_type = 2;
	CALL(SYS_ioctl, -1, BTRFS_IOC_DEFRAG_RANGE, defrag);
	struct btrfs_ioctl_send_args *send = edge(sizeof(*send));
	send->send_fd = 4, send->parent_root = 5, send->flags = 1;
	CALL(SYS_ioctl, -1, BTRFS_IOC_SEND, send);
	struct btrfs_ioctl_search_args *search = edge(sizeof(*search));
	search->key.tree_id = 1, search->key.min_objectid = 256, search->key.max_objectid = -1, search->key.min_type = 132, search->key.nr_items = 4096;
	CALL(SYS_ioctl, -1, BTRFS_IOC_TREE_SEARCH, search);
	struct btrfs_ioctl_ino_lookup_args *lookup = edge(sizeof(*lookup));
	lookup->treeid = 5, lookup->objectid = 256;
	CALL(SYS_ioctl, -1, BTRFS_IOC_INO_LOOKUP, lookup);
	struct btrfs_ioctl_balance_args *balance = edge(sizeof(*balance));
	balance->flags = BTRFS_BALANCE_DATA | BTRFS_BALANCE_FORCE, balance->data.usage = 50, balance->data.flags = 2;
	CALL(SYS_ioctl, -1, BTRFS_IOC_BALANCE_V2, balance);
	struct btrfs_ioctl_scrub_args *scrub = edge(sizeof(*scrub));
	scrub->devid = 1, scrub->end = ~0ULL, scrub->flags = 1;
	CALL(SYS_ioctl, -1, BTRFS_IOC_SCRUB, scrub);
	struct btrfs_ioctl_dev_info_args *device = edge(sizeof(*device));
	device->devid = 1, device->uuid[0] = 0xab;
	CALL(SYS_ioctl, -1, BTRFS_IOC_DEV_INFO, device);
	struct btrfs_ioctl_quota_ctl_args *quota = edge(sizeof(*quota));
	quota->cmd = 1;
	CALL(SYS_ioctl, -1, BTRFS_IOC_QUOTA_CTL, quota);
	CALL(SYS_ioctl, -1, BTRFS_IOC_FS_INFO, 0);
	CALL(SYS_ioctl, -1, BTRFS_IOC_GET_SUPPORTED_FEATURES, quota);
}
