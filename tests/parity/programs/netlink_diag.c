// NETLINK_SOCK_DIAG: what is asked about sockets
#include "network.h"
#include <linux/inet_diag.h>
#include <linux/netlink_diag.h>
#include <linux/packet_diag.h>
#include <linux/smc_diag.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>

void run(void)
{
	struct inet_diag_req_v2 inet = {AF_INET, IPPROTO_TCP, 0x7f, 0, 0xfff, {.idiag_if = 1}};
	struct unix_diag_req local = {AF_UNIX, 0, 0, 0xffff, 12345, 0xff, {1, 2}};
	struct netlink_diag_req netlink = {AF_NETLINK, NDIAG_PROTO_ALL, 0, 7, 0xff, {1, 2}};
	struct packet_diag_req packet = {AF_PACKET, 3, 0, 7, 0xff, {1, 2}};
	struct smc_diag_req smc = {AF_SMC, {0}, 0xff, {htons(1)}};
	struct inet_diag_bc_op code[] = {{INET_DIAG_BC_S_GE, 8, 16}, {INET_DIAG_BC_AUTO, 4, 8},
		{INET_DIAG_BC_NOP, 4, 0}, {INET_DIAG_BC_JMP, 4, 4}, {99, 1, 2}};
	struct builder b = {.end = 0};
	long fd = netlink_socket(NETLINK_SOCK_DIAG);

	for (int family = 0; family < 48; family++)
		message(fd, SOCK_DIAG_BY_FAMILY, 0x301, ramp(12, family), 12);
	for (unsigned size = 0; size <= sizeof(inet); size += 7) {
		message(fd, SOCK_DIAG_BY_FAMILY, 0x301, &inet, size);
		message(fd, TCPDIAG_GETSOCK, 0x301, ramp(sizeof(inet), 2), size);
		message(fd, SOCK_DESTROY, 5, &inet, size);
	}
	put(&b, &inet, sizeof(inet));
	attribute(&b, INET_DIAG_REQ_BYTECODE, code, sizeof(code));
	number(&b, 2, 5);
	built(fd, SOCK_DIAG_BY_FAMILY, 0x301, &b);
	for (unsigned size = 0; size < 3; size++) {
		struct inet_diag_msg told = {AF_INET, 1, 0, 0};

		b.end = 0;
		put(&b, &told, sizeof(told));
		attribute(&b, INET_DIAG_SOCKOPT, "\x52\x04\x01", size);
		attribute(&b, INET_DIAG_SOCKOPT, "\xad\x03\x01", size);
		attribute(&b, INET_DIAG_SOCKOPT, "\0\0", size);
		built(fd, SOCK_DIAG_BY_FAMILY, 0, &b);
	}
	inet.idiag_states = -1;
	for (int op = 0; op < 13; op++)
		for (int size = 4; size <= 36; size += 4) {
			unsigned char *ops = ramp(size, 1);

			memcpy(ops, &(struct inet_diag_bc_op){op, 4, 8}, 4);
			if (size > 4)
				ops[4] = op & 1 ? AF_INET : AF_INET6;
			put(&b, &inet, sizeof(inet));
			attribute(&b, INET_DIAG_REQ_BYTECODE, ops, size);
			built(fd, SOCK_DIAG_BY_FAMILY, 0x301, &b);
		}
	inet.sdiag_family = AF_INET6;
	message(fd, SOCK_DIAG_BY_FAMILY, 0x301, &inet, sizeof(inet));
	for (unsigned size = 0; size <= sizeof(local); size += 4)
		message(fd, SOCK_DIAG_BY_FAMILY, 0x301, &local, size);
	for (unsigned size = 0; size <= sizeof(netlink); size += 4)
		message(fd, SOCK_DIAG_BY_FAMILY, 0x301, &netlink, size);
	for (unsigned size = 0; size <= sizeof(packet); size += 4)
		message(fd, SOCK_DIAG_BY_FAMILY, 0x301, &packet, size);
	for (unsigned size = 0; size <= sizeof(smc); size += 16)
		message(fd, SOCK_DIAG_BY_FAMILY, 0x301, &smc, size);
}
