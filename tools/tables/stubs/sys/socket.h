/* Address families and struct sockaddr as the kernel knows them; linux/if.h and others use them. */
#ifndef STUB_SYS_SOCKET_H
#define STUB_SYS_SOCKET_H
#include <sys/types.h>
#include <linux/socket.h>
typedef unsigned short sa_family_t;
struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};
#define sockaddr_storage __kernel_sockaddr_storage
#define MSG_FIN 0x200
#endif
