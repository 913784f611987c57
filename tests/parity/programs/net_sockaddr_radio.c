// Addresses of AF_BLUETOOTH (four protocols by length), AF_AX25, AF_IEEE802154, AF_NFC.
#include "network.h"

static void bluetooth(unsigned short first, unsigned short second, unsigned char type, size_t size)
{
	unsigned char data[14] = {31, 0};

	memcpy(data + 2, &first, 2);
	memcpy(data + 4, size > 8 ? "\1\2\3\4\5\xff" : (char *)&second, size > 8 ? 6 : 2);
	memcpy(data + 10, &second, 2);
	data[12] = type;
	address(data, size);
}

static void ax25(const char *call, unsigned char ssid, int digipeaters, size_t size)
{
	unsigned char data[128] = {3, 0};

	for (int i = 0; i < 6; i++)
		data[2 + i] = call[i] << 1;
	data[8] = ssid;
	memcpy(data + 12, &digipeaters, 4);
	for (size_t i = 16; i + 7 <= sizeof(data); i += 7)
		for (int j = 0; j < 7; j++)
			data[i + j] = j < 6 ? "QST   "[j] << 1 : (i / 7) << 1;
	address(data, size);
}

void run(void)
{
	static const unsigned short psms[] = {1, 3, 5, 0x21, 0x23, 0x80, 0x85, 0xff, 0x1001,
					      0x1003, 0x10ff, 0x1100, 0xffff, 0};
	static const unsigned short cids[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 0x3f, 0x40, 0x41, 0x7f, 0xffff};

	for (unsigned channel = 0; channel < 6; channel++)
		bluetooth(channel % 2 ? 0xffff : channel, channel, 0, 6);
	for (size_t size = 2; size <= 16; size++)
		ramp_address(31, size);
	for (size_t i = 0; i < COUNT(psms); i++) {
		bluetooth(psms[i], cids[i], i % 4, 12);
		bluetooth(psms[i], cids[i], i % 4, 14);
	}
	for (int count = -1; count < 10; count += 2) {
		ax25("AB1CD ", 3 << 1, count, 16);
		ax25("AB1CD ", 15 << 1, count, 18);
		ax25("AB1CD ", 0, count, 30);
		ax25("AB1CD ", 0, count, 72);
		ax25("AB1CD ", 0, count, 79);
	}
	ax25("A B   ", 3, 0, 16);
	ax25("abc   ", 2, 0, 16);
	ax25("      ", 0, 0, 16);
	ax25("A*C   ", 0, 0, 16);
	ax25("AB1CD ", 0xe1, 0, 16);
	for (size_t size = 14; size <= 17; size++)
		ramp_address(3, size);
	for (unsigned type = 0; type < 5; type++) {
		unsigned char data[22] = {36, 0, 0, 0, type, 0, 0, 0, 0x22, 0, 1, 2, 3, 4, 5, 6, 7, 8};
		address(data, 20);
		memset(data + 8, 0xff, 10);
		address(data, 22);
	}
	ramp_address(36, 19);
	for (unsigned protocol = 0; protocol < 9; protocol++) {
		unsigned char data[16] = {39, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, protocol};
		address(data, 16);
	}
	for (size_t size = 15; size <= 17; size++)
		ramp_address(39, size);
	for (size_t size = 84; size <= 98; size += 2)
		ramp_address(39, size);
}
