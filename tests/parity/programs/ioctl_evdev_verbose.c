// ioctl: evdev's structs, whole
// options: -v
#include "parity.h"
#include <sys/ioctl.h>
#include <linux/input.h>
void run(void)
{
	struct input_absinfo *abs = edge(sizeof(*abs));
	*abs = (struct input_absinfo){1, -2, 3, 4, 5, 6};
	CALL(SYS_ioctl, -1, EVIOCSABS(ABS_X), abs);
	CALL(SYS_ioctl, -1, EVIOCSABS(ABS_MT_SLOT), (char *)abs + 1);
	unsigned *pair = edge(8);
	pair[0] = 7, pair[1] = KEY_ENTER;
	CALL(SYS_ioctl, -1, EVIOCSKEYCODE, pair);
	CALL(SYS_ioctl, -1, EVIOCSKEYCODE, (char *)pair + 4);
	CALL(SYS_ioctl, -1, EVIOCSREP, pair);
	CALL(SYS_ioctl, -1, EVIOCGREP, pair);
	CALL(SYS_ioctl, -1, EVIOCGKEYCODE, pair);
	struct input_keymap_entry *entry = edge(sizeof(*entry));
	entry->flags = 1, entry->len = 2, entry->index = 3, entry->keycode = BTN_LEFT, entry->scancode[0] = 0xab;
	CALL(SYS_ioctl, -1, EVIOCSKEYCODE_V2, entry);
	CALL(SYS_ioctl, -1, EVIOCGKEYCODE_V2, entry);
	struct ff_effect *effect = edge(sizeof(*effect));
	effect->type = FF_RUMBLE, effect->id = -1, effect->direction = 5;
	CALL(SYS_ioctl, -1, EVIOCSFF, effect);
	effect->type = 0x20;
	CALL(SYS_ioctl, -1, EVIOCSFF, effect);
	CALL(SYS_ioctl, -1, EVIOCRMFF, 3);
	CALL(SYS_ioctl, -1, EVIOCGRAB, 1);
	CALL(SYS_ioctl, -1, EVIOCREVOKE, 0);
	int *clock = edge(4);
	*clock = 1;
	CALL(SYS_ioctl, -1, EVIOCSCLOCKID, clock);
	CALL(SYS_ioctl, -1, EVIOCGVERSION, clock);
	CALL(SYS_ioctl, -1, EVIOCGID, clock);
	CALL(SYS_ioctl, -1, EVIOCGEFFECTS, clock);
}
