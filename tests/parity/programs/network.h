// What the programs about sockets and netlink share: raw calls, buffers filled byte by byte.
#ifndef NETWORK_H
#define NETWORK_H
#include "parity.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <linux/netlink.h>

// `size` bytes from `first` on: 1, 2, 3 …
static inline void *ramp(size_t size, unsigned char first)
{
	unsigned char *data = edge(size);
	for (size_t i = 0; i < size; i++)
		data[i] = first + i;
	return data;
}

// An address that no socket takes: it is only shown.
static inline void address(const void *data, size_t size)
{
	CALL(SYS_connect, -1, copy(data, size), size);
}

// A ramp of `size` bytes as an address of a family.
static inline void ramp_address(unsigned short family, size_t size)
{
	unsigned char *data = ramp(size, 1);
	memcpy(data, &family, size < 2 ? size : 2);
	CALL(SYS_connect, -1, data, size);
}

// An option set on no socket: it is only shown.
static inline void option(int level, int name, const void *value, size_t size)
{
	CALL(SYS_setsockopt, -1, level, name, copy(value, size), size);
}

// An option that is a number, whole and cut short.
static inline void number_option(int level, int name, int value)
{
	option(level, name, &value, 4);
	option(level, name, &value, 3);
}

// What a socket says of an option when there is room for `size` bytes.
static inline void asked(long fd, int level, int name, size_t size)
{
	int *room = edge(4);

	*room = size;
	CALL(SYS_getsockopt, fd, level, name, edge(size), room);
}

// A message that is built piece by piece; `end` is where the next piece goes.
struct builder {
	unsigned char data[8192];
	size_t end;
};

static inline void put(struct builder *b, const void *data, size_t size)
{
	memcpy(b->data + b->end, data, size);
	b->end += size;
	while (b->end % 4)
		b->data[b->end++] = 0;
}

static inline size_t begin(struct builder *b, unsigned short type, const void *data, size_t size)
{
	size_t start = b->end;
	unsigned short head[2] = {4 + size, type};

	put(b, head, 4);
	put(b, data, size);
	return start;
}

// An attribute around all that has been put since `start`.
static inline void finish(struct builder *b, size_t start)
{
	unsigned short length = b->end - start;
	memcpy(b->data + start, &length, 2);
}

static inline void attribute(struct builder *b, unsigned short type, const void *data, size_t size)
{
	begin(b, type, data, size);
}

static inline void number(struct builder *b, unsigned short type, unsigned value)
{
	begin(b, type, &value, 4);
}

static inline void word(struct builder *b, unsigned short type, const char *value)
{
	begin(b, type, value, strlen(value) + 1);
}

// A netlink socket that has an address: only then can its protocol be known.
static inline long netlink_socket(int protocol)
{
	struct sockaddr_nl *name = edge(sizeof(*name));
	long fd = CALL(SYS_socket, AF_NETLINK, SOCK_RAW, protocol);

	name->nl_family = AF_NETLINK;
	CALL(SYS_bind, fd, name, sizeof(*name));
	return fd;
}

// Send a message that the kernel doesn't take, since the address is bad.
static inline void message(long fd, unsigned short type, unsigned short flags, const void *data,
			   size_t size)
{
	struct nlmsghdr *head = edge(16 + size);

	head->nlmsg_len = 16 + size;
	head->nlmsg_type = type;
	head->nlmsg_flags = flags;
	head->nlmsg_seq = 7;
	memcpy(head + 1, data, size);
	CALL(SYS_sendto, fd, head, 16 + size, 0, BAD, 1);
}

static inline void built(long fd, unsigned short type, unsigned short flags, struct builder *b)
{
	message(fd, type, flags, b->data, b->end);
	b->end = 0;
}
#endif
