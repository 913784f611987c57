// landlock_create_ruleset, landlock_add_rule, landlock_restrict_self
#include "parity.h"
#include <linux/landlock.h>
#include <linux/prctl.h>

void run(void)
{
	CALL(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	CALL(SYS_landlock_create_ruleset, NULL, 0, 0);
	CALL(SYS_landlock_create_ruleset, NULL, 8, 0xfffffff8);
	CALL(SYS_landlock_create_ruleset, BAD, 8, 0);
	for (int size = 0; size <= 8; size += 4) {
		char *a = edge(size);
		CALL(SYS_landlock_create_ruleset, a, size, 0);
		memset(a, 0xff, size);
		CALL(SYS_landlock_create_ruleset, a, size, 1);
	}
	struct landlock_ruleset_attr *a = edge(8);
	for (int bit = 0; bit < 14; bit++) {
		a->handled_access_fs = 1UL << bit;
		CALL(SYS_landlock_create_ruleset, a, 8, 8);
	}
	a->handled_access_fs = 0x1fff;
	long fd = CALL(SYS_landlock_create_ruleset, a, 8, 0);
	struct landlock_path_beneath_attr *beneath = edge(sizeof(*beneath));
	beneath->allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE;
	beneath->parent_fd = -1;
	CALL(SYS_landlock_add_rule, fd, LANDLOCK_RULE_PATH_BENEATH, beneath, 0);
	beneath->parent_fd = CALL(SYS_open, text("/"), 010000000 | 02000000, 0);
	CALL(SYS_landlock_add_rule, fd, LANDLOCK_RULE_PATH_BENEATH, beneath, 0);
	beneath->allowed_access = -1;
	CALL(SYS_landlock_add_rule, -1, LANDLOCK_RULE_PATH_BENEATH, beneath, 0);
	CALL(SYS_landlock_add_rule, -1, LANDLOCK_RULE_PATH_BENEATH, NULL, 7);
	CALL(SYS_landlock_add_rule, -1, LANDLOCK_RULE_PATH_BENEATH, BAD, -1);
	CALL(SYS_landlock_add_rule, -1, LANDLOCK_RULE_PATH_BENEATH, (char *)beneath + 1, 0);
	CALL(SYS_landlock_add_rule, -1, 0, beneath, 0);
	CALL(SYS_landlock_add_rule, -1, 99, beneath, 0);
	CALL(SYS_landlock_add_rule, -1, -1, beneath, 0);
	CALL(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	CALL(SYS_landlock_restrict_self, -1, 0);
	CALL(SYS_landlock_restrict_self, fd, 0);
	CALL(SYS_landlock_restrict_self, fd, 0x80000000);
}
