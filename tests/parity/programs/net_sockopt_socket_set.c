// setsockopt at SOL_SOCKET: numbers, times, names, filters, all the unknown ones
#include "network.h"
#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <sys/time.h>

void run(void)
{
	static const int numbers[] = {SO_DEBUG, SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_DONTROUTE,
		SO_BROADCAST, SO_SNDBUF, SO_RCVBUF, SO_KEEPALIVE, SO_OOBINLINE, SO_NO_CHECK,
		SO_PRIORITY, SO_BSDCOMPAT, SO_REUSEPORT, SO_PASSCRED, SO_RCVLOWAT, SO_SNDLOWAT,
		SO_DETACH_FILTER, SO_TIMESTAMP, SO_ACCEPTCONN, SO_SNDBUFFORCE, SO_RCVBUFFORCE,
		SO_PASSSEC, SO_TIMESTAMPNS, SO_MARK, SO_PROTOCOL, SO_RXQ_OVFL, SO_WIFI_STATUS,
		SO_PEEK_OFF, SO_NOFCS, SO_LOCK_FILTER, SO_SELECT_ERR_QUEUE, SO_BUSY_POLL,
		SO_MAX_PACING_RATE, SO_BPF_EXTENSIONS, SO_INCOMING_CPU, SO_ATTACH_BPF,
		SO_ATTACH_REUSEPORT_EBPF, SO_CNX_ADVICE, SO_ZEROCOPY, SO_PREFER_BUSY_POLL};
	struct linger linger = {1, 10};
	struct timeval time = {3, 141592};
	struct sock_filter code[] = {{0x28, 0, 0, 12}, {0x15, 0, 1, 0x800}, {6, 0, 0, 0xffff}};
	struct sock_fprog program = {COUNT(code), copy(code, sizeof(code))};

	for (unsigned i = 0; i < COUNT(numbers); i++) {
		number_option(SOL_SOCKET, numbers[i], i * 7 - 5);
		CALL(SYS_setsockopt, -1, SOL_SOCKET, numbers[i], BAD, 4);
	}
	option(SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	option(SOL_SOCKET, SO_LINGER, &linger, 4);
	option(SOL_SOCKET, SO_LINGER, &linger, sizeof(linger) - 1);
	CALL(SYS_setsockopt, -1, SOL_SOCKET, SO_LINGER, BAD, 8);
	CALL(SYS_setsockopt, -1, SOL_SOCKET, SO_LINGER, copy(&linger, 8), 64);
	option(SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
	option(SOL_SOCKET, SO_BINDTODEVICE, "lo\0rest", 7);
	option(SOL_SOCKET, SO_BINDTODEVICE, "lo", 2);
	CALL(SYS_setsockopt, -1, SOL_SOCKET, SO_BINDTODEVICE, text("lo"), 100);
	option(SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
	option(SOL_SOCKET, SO_ATTACH_FILTER, &program, 2);
	option(SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program, sizeof(program));
	program.len = 9;
	option(SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
	program.filter = NULL;
	option(SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
	for (int name = 78; name < 130; name += 17)
		option(SOL_SOCKET, name, "ABCDEFG", 7);
	option(SOL_SOCKET, -1, "ABCDEFG", 7);
}
