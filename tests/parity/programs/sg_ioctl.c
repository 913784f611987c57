// ioctl: SCSI requests in the third and the fourth form
#include "parity.h"
#include <sys/ioctl.h>
#include <linux/bsg.h>
#include <scsi/sg.h>
#include <sys/uio.h>
void run(void)
{
	char *command = text("\x12\x01\x02\x03\x04\x05\x06\x07\x08\x09"), *data = edge(64), *sense = edge(32);
	memset(data, 'd', 64), memset(sense, 's', 32);
	struct iovec *parts = edge(2 * sizeof(*parts));
	parts[0] = (struct iovec){data, 4}, parts[1] = (struct iovec){data + 4, 8};
	static const int ways[] = {SG_DXFER_NONE, SG_DXFER_TO_DEV, SG_DXFER_FROM_DEV, 7};
	sg_io_hdr_t *third = edge(sizeof(*third));
	for (unsigned way = 0; way < COUNT(ways); way++)
		for (int scattered = 0; scattered < 2; scattered++) {
			memset(third, 0, sizeof(*third));
			third->interface_id = 'S', third->dxfer_direction = ways[way];
			third->cmd_len = 6, third->cmdp = (void *)command, third->mx_sb_len = 32;
			third->sbp = (void *)sense, third->sb_len_wr = 4, third->iovec_count = 2 * scattered;
			third->dxfer_len = 12, third->dxferp = scattered ? (void *)parts : data;
			third->timeout = 1000, third->flags = 0x80000001, third->status = 2;
			third->resid = 2, third->duration = 9, third->info = 9, third->masked_status = 1;
			CALL(SYS_ioctl, -1, SG_IO, third);
		}
	third->cmdp = BAD, third->dxferp = 0, third->dxfer_direction = SG_DXFER_TO_DEV, third->iovec_count = 0;
	CALL(SYS_ioctl, -1, SG_IO, third);
	struct sg_io_v4 *fourth = edge(sizeof(*fourth));
	for (unsigned i = 0; i < 3; i++) {
		memset(fourth, 0, sizeof(*fourth));
		fourth->guard = 'Q', fourth->protocol = i, fourth->subprotocol = i, fourth->request_len = 6;
		fourth->request = (unsigned long)command, fourth->request_tag = 9, fourth->max_response_len = 32;
		fourth->response = (unsigned long)sense, fourth->dout_xfer_len = 12, fourth->din_xfer_len = 10;
		fourth->dout_xferp = (unsigned long)data, fourth->din_xferp = i ? 16 : (unsigned long)data;
		fourth->flags = 0x30 | i, fourth->usr_ptr = 5, fourth->spare_in = i, fourth->spare_out = i;
		fourth->response_len = 5, fourth->din_resid = 3, fourth->generated_tag = 7;
		CALL(SYS_ioctl, -1, SG_IO, fourth);
	}
	CALL(SYS_ioctl, -1, SG_IO, 0);
	int *odd = edge(4);
	*odd = 3;
	CALL(SYS_ioctl, -1, SG_IO, odd);
	CALL(SYS_ioctl, -1, SG_SCSI_RESET, odd);
	CALL(SYS_ioctl, -1, SG_SET_TIMEOUT, odd);
	CALL(SYS_ioctl, -1, SG_GET_TIMEOUT, odd);
	CALL(SYS_ioctl, -1, SG_GET_VERSION_NUM, odd);
}
