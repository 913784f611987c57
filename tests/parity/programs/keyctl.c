// keyctl: every operation.
#include "parity.h"
#include <linux/keyctl.h>
#include <sys/uio.h>

#define KEYCTL(...) CALL(SYS_keyctl, __VA_ARGS__)

void run(void)
{
	char *data = edge(40);
	memset(data, 'd', 40);
	struct iovec *vec = edge(2 * sizeof(*vec));
	vec[0] = (struct iovec){data, 4};
	vec[1] = (struct iovec){data, 33};
	KEYCTL(KEYCTL_GET_KEYRING_ID, KEY_SPEC_PROCESS_KEYRING, 0);
	KEYCTL(KEYCTL_GET_KEYRING_ID, -99, -1);
	KEYCTL(KEYCTL_GET_KEYRING_ID, 0x12345678, 1);
	KEYCTL(KEYCTL_JOIN_SESSION_KEYRING, BAD);
	KEYCTL(KEYCTL_UPDATE, -1, data, 5);
	KEYCTL(KEYCTL_UPDATE, 77, BAD, 5);
	KEYCTL(KEYCTL_UPDATE, 77, data, -1);
	KEYCTL(KEYCTL_REVOKE, 77);
	KEYCTL(KEYCTL_CHOWN, 77, -1, 5);
	for (int i = 0; i < 32; i += 3)
		KEYCTL(KEYCTL_SETPERM, 77, 1 << i);
	KEYCTL(KEYCTL_SETPERM, 77, -1);
	KEYCTL(KEYCTL_DESCRIBE, 77, data, 20);
	KEYCTL(KEYCTL_CLEAR, 77);
	KEYCTL(KEYCTL_LINK, 77, -3);
	KEYCTL(KEYCTL_UNLINK, 77, -3);
	KEYCTL(KEYCTL_SEARCH, 77, text("no type"), text("desc"), -2);
	KEYCTL(KEYCTL_SEARCH, 77, BAD, BAD, -2);
	KEYCTL(KEYCTL_READ, 77, data, 20);
	KEYCTL(KEYCTL_INSTANTIATE, 77, data, 20, -5);
	KEYCTL(KEYCTL_NEGATE, 77, 5, -5);
	for (int i = -1; i < 9; i++)
		KEYCTL(KEYCTL_SET_REQKEY_KEYRING, i == 8 ? -1 : i + 90);
	KEYCTL(KEYCTL_SET_REQKEY_KEYRING, -1);
	KEYCTL(KEYCTL_SET_TIMEOUT, 77, 6);
	KEYCTL(KEYCTL_ASSUME_AUTHORITY, 77);
	KEYCTL(KEYCTL_GET_SECURITY, 77, data, 20);
	KEYCTL(KEYCTL_REJECT, 77, 6, 126, -2);
	KEYCTL(KEYCTL_REJECT, 77, 6, 9999, -2);
	KEYCTL(KEYCTL_INSTANTIATE_IOV, 77, vec, 2, -2);
	KEYCTL(KEYCTL_INSTANTIATE_IOV, 77, vec, 3, -2);
	KEYCTL(KEYCTL_INSTANTIATE_IOV, 77, BAD, 2, -2);
	KEYCTL(KEYCTL_INVALIDATE, 77);
	KEYCTL(KEYCTL_GET_PERSISTENT, -1, 77);
	struct keyctl_dh_params *dh = edge(sizeof(*dh));
	dh->private = 1;
	dh->prime = -2;
	dh->base = 3;
	struct keyctl_kdf_params *kdf = edge(sizeof(*kdf));
	kdf->hashname = text("sha256");
	kdf->otherinfo = data;
	kdf->otherinfolen = 4;
	KEYCTL(KEYCTL_DH_COMPUTE, dh, data, 20, kdf);
	KEYCTL(KEYCTL_DH_COMPUTE, dh, data, 20, NULL);
	kdf->__spare[3] = 1;
	KEYCTL(KEYCTL_DH_COMPUTE, dh, data, 20, kdf);
	kdf->hashname = BAD;
	KEYCTL(KEYCTL_DH_COMPUTE, BAD, data, 20, kdf);
	KEYCTL(KEYCTL_DH_COMPUTE, NULL, NULL, 0, BAD);
	struct keyctl_pkey_params *pkey = edge(sizeof(*pkey));
	pkey->key_id = 77;
	pkey->in_len = 3;
	pkey->out_len = 4;
	KEYCTL(KEYCTL_PKEY_QUERY, 77, 0, text("enc=raw"), edge(40));
	KEYCTL(KEYCTL_PKEY_QUERY, 77, 1, BAD, BAD);
	for (int op = KEYCTL_PKEY_ENCRYPT; op <= KEYCTL_PKEY_VERIFY; op++) {
		KEYCTL(op, pkey, text("enc=raw"), data, data);
		KEYCTL(op, BAD, BAD, BAD, BAD);
	}
	KEYCTL(KEYCTL_RESTRICT_KEYRING, 77, text("asymmetric"), text("builtin"));
	KEYCTL(KEYCTL_RESTRICT_KEYRING, 77, NULL, NULL);
	KEYCTL(KEYCTL_RESTRICT_KEYRING, 77, BAD, BAD);
	KEYCTL(KEYCTL_MOVE, 77, -3, -4, 1);
	KEYCTL(KEYCTL_MOVE, 77, -3, -4, -1);
	KEYCTL(KEYCTL_CAPABILITIES, edge(3), 3);
	KEYCTL(KEYCTL_CAPABILITIES, edge(1), 1);
	KEYCTL(KEYCTL_CAPABILITIES, BAD, 8);
	KEYCTL(KEYCTL_WATCH_KEY, 77, -1, 5);
	KEYCTL(KEYCTL_WATCH_KEY, 77, 0, -1);
	KEYCTL(33, 1, 2, 3, 4);
	KEYCTL(-1, -2, BAD, NULL, 0x12345678);
}
