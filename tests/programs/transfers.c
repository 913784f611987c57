/* Reads and writes in every way that strace dumps the data of; some of it fails. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define CHECK(call) ((void)!(call))

static char text[100], room[200];

int main(void)
{
	struct iovec out[3] = { { text, 20 }, { text + 20, 0 }, { text + 20, 40 } };
	struct iovec in[3] = { { room, 5 }, { room + 5, 30 }, { room + 40, 100 } };
	struct msghdr sent = { .msg_iov = out, .msg_iovlen = 1 };
	struct msghdr got = { .msg_iov = in, .msg_iovlen = 3 };
	struct mmsghdr several[2] = { { sent, 0 }, { sent, 0 } };
	struct mmsghdr more[3] = { { got, 0 }, { got, 0 }, { got, 0 } };
	int ends[2], pair[2], file = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);
	int only = open("/dev/null", O_RDONLY);

	for (int i = 0; i < (int)sizeof text; i++)
		text[i] = (char)(i * 5);
	if (pipe(ends) || socketpair(AF_UNIX, SOCK_DGRAM, 0, pair))
		return 1;
	CHECK(write(ends[1], "hello, world\n", 13));
	CHECK(read(ends[0], room, sizeof room));
	CHECK(write(ends[1], text, sizeof text));
	CHECK(read(ends[0], room, 17));
	CHECK(read(ends[0], room, 16));
	CHECK(readv(ends[0], in, 3));
	CHECK(writev(ends[1], out, 3));
	CHECK(readv(ends[0], in, 3));
	CHECK(write(ends[1], "", 0));
	CHECK(vmsplice(ends[1], out, 1, 0));
	CHECK(pwrite(file, text, 33, 2));
	CHECK(pread(file, room, sizeof room, 1));
	CHECK(pwritev(file, out, 1, 0));
	CHECK(preadv(file, in, 3, 0));
	CHECK(pwritev2(file, out, 1, 0, 0));
	CHECK(preadv2(file, in, 2, 0, 0));
	send(pair[0], "sent", 4, 0);
	recv(pair[1], room, sizeof room, 0);
	sendto(pair[0], "sent to", 7, 0, 0, 0);
	recvfrom(pair[1], room, 3, MSG_TRUNC, 0, 0);
	sendmsg(pair[0], &sent, 0);
	recvmsg(pair[1], &got, 0);
	sendmmsg(pair[0], several, 2, 0);
	recvmmsg(pair[1], more, 3, MSG_DONTWAIT, 0);
	/* These fail. */
	recv(pair[1], room, 8, MSG_DONTWAIT);
	CHECK(write(only, text, 5));
	CHECK(writev(only, out, 3));
	CHECK(syscall(SYS_write, ends[1], 16L, 4L));
	CHECK(write(-1, "abc", 3));
	return 0;
}
