// Addresses of families that newer decoders name the fields of: CAN, TIPC, AppleTalk, ATM, LLC …
#include "network.h"

void run(void)
{
	static const unsigned char families[] = {5, 8, 20, 24, 26, 29, 30, 35};

	for (size_t i = 0; i < COUNT(families); i++) {
		ramp_address(families[i], 2);
		ramp_address(families[i], 8);
	}
	ramp_address(29, 24);
	ramp_address(30, 16);
	ramp_address(5, 16);
	ramp_address(26, 16);
	ramp_address(35, 16);
}
