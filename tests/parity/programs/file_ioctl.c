// ioctl: files: clones, duplicates, extents, attributes, labels
#include "parity.h"
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
void run(void)
{
	int file = CALL(SYS_openat, AT_FDCWD, "file", O_RDWR | O_CREAT, 0600);
	CALL(SYS_write, file, "data", 4);
	long *flags = edge(sizeof(long));
	CALL(SYS_ioctl, -1, FS_IOC_GETFLAGS, flags);
	*flags = FS_APPEND_FL | FS_NOATIME_FL | 0x80000000;
	CALL(SYS_ioctl, -1, FS_IOC_SETFLAGS, flags);
	CALL(SYS_ioctl, -1, FS_IOC_SETFLAGS, BAD);
	struct fsxattr *attr = edge(sizeof(*attr));
	attr->fsx_xflags = FS_XFLAG_DAX | 1, attr->fsx_extsize = 4096, attr->fsx_projid = 77;
	CALL(SYS_ioctl, -1, FS_IOC_FSSETXATTR, attr);
	CALL(SYS_ioctl, -1, FS_IOC_FSGETXATTR, attr);
	CALL(SYS_ioctl, -1, FICLONE, file);
	struct file_clone_range *range = edge(sizeof(*range));
	range->src_fd = file, range->src_length = 4096;
	CALL(SYS_ioctl, -1, FICLONERANGE, range);
	CALL(SYS_ioctl, -1, FICLONERANGE, (char *)range + 1);
	struct file_dedupe_range *same = edge(sizeof(*same) + 3 * sizeof(same->info[0]));
	same->src_length = 512;
	for (int count = 0; count < 5; count++) {
		same->dest_count = count;
		same->info[0].dest_fd = 5, same->info[0].dest_offset = 9;
		CALL(SYS_ioctl, -1, FIDEDUPERANGE, same);
	}
	struct fiemap *map = edge(sizeof(*map));
	map->fm_length = ~0ULL, map->fm_flags = FIEMAP_FLAG_SYNC | 8;
	CALL(SYS_ioctl, -1, FS_IOC_FIEMAP, map);
	map->fm_extent_count = 10;
	CALL(SYS_ioctl, -1, FS_IOC_FIEMAP, map);
	CALL(SYS_ioctl, -1, FS_IOC_FIEMAP, 0);
	struct fstrim_range *trim = edge(sizeof(*trim));
	trim->len = ~0ULL;
	CALL(SYS_ioctl, -1, FITRIM, trim);
	CALL(SYS_ioctl, -1, FIFREEZE, 0);
	CALL(SYS_ioctl, -1, FITHAW, 0);
	CALL(SYS_ioctl, -1, FS_IOC_GETFSLABEL, trim);
	CALL(SYS_ioctl, -1, FS_IOC_SETFSLABEL, text("label"));
	int number = 0;
	CALL(SYS_ioctl, file, FIONREAD, &number);
	CALL(SYS_ioctl, file, FIGETBSZ, &number);
	CALL(SYS_ioctl, file, FIBMAP, &number);
	CALL(SYS_close, file);
	CALL(SYS_unlink, "file");
}
