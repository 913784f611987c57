// io_uring_register: every operation with its argument.
#include "parity.h"
#include <linux/io_uring.h>
#include <sys/uio.h>

#define REGISTER(...) CALL(SYS_io_uring_register, __VA_ARGS__)

void run(void)
{
	struct io_uring_params *p = edge(sizeof(*p));
	long fd = CALL(SYS_io_uring_setup, 4, p);
	char *data = edge(64);
	struct iovec *vec = edge(2 * sizeof(*vec));
	vec[0] = (struct iovec){data, 16};
	vec[1] = (struct iovec){BAD, 1};
	int *fds = edge(3 * sizeof(int));
	fds[0] = 0, fds[1] = -1, fds[2] = -2;
	REGISTER(fd, IORING_REGISTER_BUFFERS, vec, 2);
	REGISTER(fd, IORING_REGISTER_BUFFERS, vec, 3);
	REGISTER(fd, IORING_UNREGISTER_BUFFERS, vec, 2);
	REGISTER(fd, IORING_UNREGISTER_BUFFERS, NULL, 0);
	REGISTER(fd, IORING_REGISTER_FILES, fds, 3);
	REGISTER(fd, IORING_REGISTER_FILES, fds, 2);
	REGISTER(fd, IORING_REGISTER_FILES, fds, 4);
	REGISTER(-1, IORING_REGISTER_EVENTFD, fds, 1);
	REGISTER(-1, IORING_REGISTER_EVENTFD_ASYNC, fds + 1, 1);
	REGISTER(-1, IORING_REGISTER_EVENTFD, fds, 2);
	struct io_uring_files_update *update = edge(sizeof(*update));
	update->offset = 1;
	update->fds = (uintptr_t)fds;
	REGISTER(fd, IORING_REGISTER_FILES_UPDATE, update, 1);
	REGISTER(-1, IORING_REGISTER_FILES_UPDATE, update, 3);
	REGISTER(-1, IORING_REGISTER_FILES_UPDATE, update, 4);
	REGISTER(-1, IORING_REGISTER_FILES_UPDATE, BAD, 4);
	REGISTER(fd, IORING_UNREGISTER_FILES, NULL, 0);
	for (unsigned count = 0; count < 4; count++) {
		struct io_uring_probe *probe = edge(16 + count * 8);
		REGISTER(fd, IORING_REGISTER_PROBE, probe, count);
	}
	struct io_uring_probe *many = edge(16 + 60 * 8);
	REGISTER(fd, IORING_REGISTER_PROBE, many, 60);
	REGISTER(fd, IORING_REGISTER_PROBE, many, 4);
	REGISTER(fd, IORING_REGISTER_PERSONALITY, NULL, 0);
	REGISTER(fd, IORING_UNREGISTER_PERSONALITY, NULL, 7);
	REGISTER(-1, IORING_REGISTER_PERSONALITY, BAD, 5);
	struct io_uring_restriction *limits = edge(4 * sizeof(*limits));
	for (int i = 0; i < 4; i++) {
		limits[i].opcode = i;
		limits[i].sqe_op = i * 2;
		limits[i].resv = i > 2;
	}
	REGISTER(-1, IORING_REGISTER_RESTRICTIONS, limits, 4);
	limits[0].opcode = 9;
	REGISTER(-1, IORING_REGISTER_RESTRICTIONS, limits, 5);
	REGISTER(-1, IORING_REGISTER_ENABLE_RINGS, BAD, 5);
	struct io_uring_rsrc_register *rsrc = edge(sizeof(*rsrc));
	rsrc->nr = 2;
	rsrc->data = (uintptr_t)fds;
	rsrc->tags = (uintptr_t)edge(16);
	REGISTER(-1, IORING_REGISTER_FILES2, rsrc, sizeof(*rsrc));
	REGISTER(-1, IORING_REGISTER_FILES2, rsrc, 4);
	rsrc->data = (uintptr_t)vec;
	rsrc->flags = 1;
	REGISTER(-1, IORING_REGISTER_BUFFERS2, rsrc, sizeof(*rsrc));
	struct io_uring_rsrc_update2 *update2 = edge(sizeof(*update2));
	update2->data = (uintptr_t)fds;
	update2->nr = 2;
	REGISTER(-1, IORING_REGISTER_FILES_UPDATE2, update2, sizeof(*update2));
	update2->data = (uintptr_t)vec;
	REGISTER(-1, IORING_REGISTER_BUFFERS_UPDATE, update2, sizeof(*update2));
	REGISTER(-1, IORING_REGISTER_IOWQ_AFF, data, 8);
	REGISTER(-1, IORING_UNREGISTER_IOWQ_AFF, data, 8);
	REGISTER(fd, IORING_REGISTER_IOWQ_MAX_WORKERS, edge(8), 2);
	REGISTER(-1, IORING_REGISTER_IOWQ_MAX_WORKERS, edge(8), 3);
	REGISTER(fd, IORING_REGISTER_RING_FDS, rsrc, 2);
	struct io_uring_rsrc_update *ring = edge(sizeof(*ring));
	ring->offset = -1;
	ring->data = -1;
	REGISTER(fd, IORING_REGISTER_RING_FDS, ring, 1);
	REGISTER(fd, IORING_UNREGISTER_RING_FDS, ring, 1);
	struct io_uring_buf_reg *bufs = edge(sizeof(*bufs));
	bufs->ring_addr = 1;
	bufs->ring_entries = 3;
	bufs->bgid = 7;
	REGISTER(fd, IORING_REGISTER_PBUF_RING, bufs, 1);
	REGISTER(fd, IORING_UNREGISTER_PBUF_RING, bufs, 1);
	struct io_uring_sync_cancel_reg *cancel = edge(sizeof(*cancel));
	cancel->fd = -1;
	cancel->flags = 0x1f;
	cancel->timeout.tv_sec = 1;
	REGISTER(-1, IORING_REGISTER_SYNC_CANCEL, cancel, 1);
	struct io_uring_file_index_range *range = edge(sizeof(*range));
	range->off = 1;
	range->len = 2;
	REGISTER(-1, IORING_REGISTER_FILE_ALLOC_RANGE, range, 0);
	for (unsigned op = 0; op < 40; op++)
		REGISTER(-1, op, BAD, 1);
	REGISTER(-1, 0x80000001, BAD, 1);
	REGISTER(-1, -1, BAD, 1);
}
