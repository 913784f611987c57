// capget, capset: versions and sets.
#include "parity.h"

struct header {
	unsigned version;
	int pid;
};

void run(void)
{
	static const unsigned versions[] = {0x19980330, 0x20071026, 0x20080522, 0, 1, -1};
	struct header *header = edge(sizeof(*header));
	unsigned *data = edge(24);

	for (size_t i = 0; i < COUNT(versions); i++) {
		*header = (struct header){versions[i], 0};
		CALL(SYS_capget, header, data);
		*header = (struct header){versions[i], -1};
		CALL(SYS_capget, header, NULL);
		*header = (struct header){versions[i], 0x7fffffff};
		for (int j = 0; j < 6; j++)
			data[j] = i == 1 ? -1 : 0x11111111u << j;
		CALL(SYS_capset, header, data);
		CALL(SYS_capset, header, data + 3);
	}
	CALL(SYS_capget, NULL, NULL);
	CALL(SYS_capget, BAD, data);
	CALL(SYS_capset, BAD, data);
	CALL(SYS_capset, header, BAD);
	CALL(SYS_capset, (char *)header + 1, NULL);
	memset(data, 0, 24);
	CALL(SYS_capset, header, data);
}
