// ioctls about network interfaces: what is asked and told, known and unknown names
#include "network.h"
#include <linux/sockios.h>
#include <net/if_arp.h>
#include <net/route.h>

void run(void)
{
	static const int requests[] = {SIOCGIFNAME, SIOCGIFINDEX, SIOCGIFFLAGS, SIOCGIFADDR,
		SIOCGIFDSTADDR, SIOCGIFBRDADDR, SIOCGIFNETMASK, SIOCGIFMETRIC, SIOCGIFMTU, SIOCGIFHWADDR,
		SIOCGIFTXQLEN, SIOCGIFMAP, SIOCGIFSLAVE, SIOCGIFMEM, SIOCGIFPFLAGS, SIOCGIFBR,
		SIOCGIFCOUNT, SIOCETHTOOL, SIOCGMIIPHY, SIOCGMIIREG, SIOCGIFVLAN, SIOCBONDINFOQUERY,
		SIOCGHWTSTAMP, SIOCSHWTSTAMP, SIOCGIFENCAP, SIOCBRADDIF};
	static const int settings[] = {SIOCSIFNAME, SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFDSTADDR,
		SIOCSIFBRDADDR, SIOCSIFNETMASK, SIOCSIFMETRIC, SIOCSIFMTU, SIOCSIFHWADDR, SIOCSIFTXQLEN,
		SIOCSIFMAP, SIOCSIFSLAVE, SIOCSIFMEM, SIOCSIFPFLAGS, SIOCSIFHWBROADCAST, SIOCADDMULTI,
		SIOCDELMULTI, SIOCSIFLINK, SIOCDIFADDR, SIOCSIFVLAN, SIOCSIFBR, SIOCSIFENCAP, SIOCADDRT,
		SIOCDELRT, SIOCSARP, SIOCDARP, SIOCGARP, SIOCBRADDBR, SIOCBRDELBR, SIOCBRDELIF};
	long fd = CALL(SYS_socket, AF_INET, SOCK_DGRAM, 0);

	for (unsigned i = 0; i < COUNT(requests); i++) {
		struct ifreq *one = ramp(sizeof(*one), 1);

		memcpy(one->ifr_name, "lo\0rest", 8);
		CALL(SYS_ioctl, fd, requests[i], one);
		memset(one->ifr_name, 'x', sizeof(one->ifr_name));
		CALL(SYS_ioctl, fd, requests[i], one);
		CALL(SYS_ioctl, -1, requests[i], one);
		CALL(SYS_ioctl, fd, requests[i], edge(20));
		CALL(SYS_ioctl, fd, requests[i], BAD);
		CALL(SYS_ioctl, fd, requests[i], NULL);
	}
	for (int type = 0; type < 830; type += type == 33 ? 223 : type == 285 ? 225 : type == 520 ? 248 : 1) {
		struct ifreq *one = ramp(sizeof(*one), 1);

		one->ifr_hwaddr.sa_family = type;
		CALL(SYS_ioctl, -1, SIOCSIFHWADDR, one);
	}
	for (unsigned i = 0; i < COUNT(settings); i++) {
		struct ifreq *one = ramp(sizeof(*one), 1);

		memcpy(one->ifr_name, "lo\0rest", 8);
		CALL(SYS_ioctl, -1, settings[i], one);
		one->ifr_addr.sa_family = AF_INET;
		memset(one->ifr_name, 'x', sizeof(one->ifr_name));
		CALL(SYS_ioctl, -1, settings[i], one);
		CALL(SYS_ioctl, -1, settings[i], edge(20));
		CALL(SYS_ioctl, -1, settings[i], BAD);
		CALL(SYS_ioctl, -1, settings[i], NULL);
	}
}
