// ioctl: flash memory and its volumes
#include "parity.h"
#include <mtd/mtd-abi.h>
#include <mtd/ubi-user.h>
#include <sys/ioctl.h>
void run(void)
{
	struct erase_info_user *erase = edge(sizeof(*erase));
	erase->start = 0x1000, erase->length = 0x2000;
	CALL(SYS_ioctl, -1, MEMERASE, erase);
	CALL(SYS_ioctl, -1, MEMLOCK, erase);
	CALL(SYS_ioctl, -1, MEMISLOCKED, erase);
	struct erase_info_user64 *wide = edge(sizeof(*wide));
	wide->start = ~0ULL;
	CALL(SYS_ioctl, -1, MEMERASE64, wide);
	struct mtd_oob_buf *oob = edge(sizeof(*oob));
	oob->start = 1, oob->length = 2, oob->ptr = (void *)oob;
	CALL(SYS_ioctl, -1, MEMWRITEOOB, oob);
	CALL(SYS_ioctl, -1, MEMREADOOB, oob);
	struct mtd_write_req *write = edge(sizeof(*write));
	write->len = 512, write->mode = 2;
	CALL(SYS_ioctl, -1, MEMWRITE, write);
	long long *offset = edge(8);
	*offset = 512;
	CALL(SYS_ioctl, -1, MEMGETBADBLOCK, offset);
	CALL(SYS_ioctl, -1, MTDFILEMODE, 3);
	CALL(SYS_ioctl, -1, MTDFILEMODE, 9);
	CALL(SYS_ioctl, -1, MEMGETINFO, offset);
	int *number = edge(4);
	*number = 2;
	CALL(SYS_ioctl, -1, OTPSELECT, number);
	CALL(SYS_ioctl, -1, UBI_IOCRMVOL, number);
	CALL(SYS_ioctl, -1, UBI_IOCDET, number);
	CALL(SYS_ioctl, -1, UBI_IOCEBER, number);
	CALL(SYS_ioctl, -1, UBI_IOCVOLUP, offset);
	struct ubi_attach_req *attach = edge(sizeof(*attach));
	attach->ubi_num = -1, attach->mtd_num = 4;
	CALL(SYS_ioctl, -1, UBI_IOCATT, attach);
	struct ubi_mkvol_req *make = edge(sizeof(*make));
	make->vol_id = 1, make->bytes = 4096, make->vol_type = UBI_STATIC_VOLUME, make->name_len = 4;
	strcpy(make->name, "root");
	CALL(SYS_ioctl, -1, UBI_IOCMKVOL, make);
	struct ubi_rsvol_req *resize = edge(sizeof(*resize));
	resize->bytes = -1;
	CALL(SYS_ioctl, -1, UBI_IOCRSVOL, resize);
	struct ubi_set_vol_prop_req *property = edge(sizeof(*property));
	property->property = 1, property->value = 5;
	CALL(SYS_ioctl, -1, UBI_IOCSETVOLPROP, property);
	struct ubi_leb_change_req *change = edge(sizeof(*change));
	change->bytes = 3, change->dtype = 3;
	CALL(SYS_ioctl, -1, UBI_IOCEBCH, change);
	CALL(SYS_ioctl, -1, UBI_IOCVOLRMBLK, 0);
}
