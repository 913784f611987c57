// NETLINK_GENERIC: families by number, headers
#include "network.h"
#include <linux/genetlink.h>

void run(void)
{
	struct builder b = {.end = 0};
	long fd = netlink_socket(NETLINK_GENERIC);

	for (int size = 0; size < 6; size++)
		message(fd, GENL_ID_CTRL, 5, "\3\2\0\0\5", size);
	for (int command = 0; command < 12; command++)
		message(fd, GENL_ID_CTRL, 5, (char[]){command, 1, 0, 0}, 4);
	message(fd, 999, 5, "\3\2\0\0", 4);
	put(&b, "\3\1\0", 4);
	word(&b, CTRL_ATTR_FAMILY_NAME, "nlctrl");
	built(fd, 999, 5, &b);
}
