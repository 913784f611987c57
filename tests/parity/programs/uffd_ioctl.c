// ioctl: userfaultfd
#include "parity.h"
#include <sys/ioctl.h>
#include <linux/userfaultfd.h>
void run(void)
{
	int fd = CALL(SYS_userfaultfd, O_CLOEXEC | 1);
	struct uffdio_api *api = edge(sizeof(*api));
	api->api = 0xaa, api->features = 1ULL << 50;
	CALL(SYS_ioctl, fd, UFFDIO_API, api);
	api->api = 0xaa, api->features = 0;
	CALL(SYS_ioctl, -1, UFFDIO_API, api);
	CALL(SYS_ioctl, -1, UFFDIO_API, (char *)api + 1);
	struct uffdio_register *reg = edge(sizeof(*reg));
	reg->range.start = 0x10000, reg->range.len = 4096, reg->mode = 7 | 0x80;
	CALL(SYS_ioctl, fd, UFFDIO_REGISTER, reg);
	reg->mode = 0;
	CALL(SYS_ioctl, -1, UFFDIO_REGISTER, reg);
	CALL(SYS_ioctl, fd, UFFDIO_UNREGISTER, reg);
	CALL(SYS_ioctl, fd, UFFDIO_WAKE, reg);
	CALL(SYS_ioctl, fd, UFFDIO_WAKE, 0);
	struct uffdio_copy *piece = edge(sizeof(*piece));
	piece->dst = 0x1000, piece->src = 0x2000, piece->len = ~0ULL, piece->mode = 3;
	CALL(SYS_ioctl, -1, UFFDIO_COPY, piece);
	piece->mode = 0x10;
	CALL(SYS_ioctl, -1, UFFDIO_COPY, piece);
	struct uffdio_zeropage *zero = edge(sizeof(*zero));
	zero->range.len = 4096, zero->mode = 1;
	CALL(SYS_ioctl, -1, UFFDIO_ZEROPAGE, zero);
	CALL(SYS_ioctl, -1, UFFDIO_ZEROPAGE, BAD);
	CALL(SYS_close, fd);
}
