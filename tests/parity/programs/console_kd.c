// ioctl: the console's keyboard, bell and leds
#include "parity.h"
#include <sys/ioctl.h>
#include <linux/kd.h>
#include <linux/keyboard.h>
void run(void)
{
	static const unsigned numbers[] = {0, 1, 2, 3, 7, 440, 1193, 0x12345678, 0xffffffff};
	for (unsigned i = 0; i < COUNT(numbers); i++) {
		CALL(SYS_ioctl, -1, KIOCSOUND, numbers[i]);
		CALL(SYS_ioctl, -1, KDMKTONE, numbers[i]);
		CALL(SYS_ioctl, -1, KDSETLED, numbers[i]);
		CALL(SYS_ioctl, -1, KDSKBLED, numbers[i]);
		CALL(SYS_ioctl, -1, KDSETMODE, numbers[i]);
		CALL(SYS_ioctl, -1, KDSKBMODE, numbers[i]);
		CALL(SYS_ioctl, -1, KDSKBMETA, numbers[i]);
		CALL(SYS_ioctl, -1, KDSIGACCEPT, numbers[i] % 64);
	}
	static const unsigned char tables[] = {0, 1, 2, 3, 4, 5, 0x81, 0xff};
	struct kbentry *entry = edge(sizeof(*entry));
	for (unsigned i = 0; i < COUNT(tables); i++) {
		entry->kb_table = tables[i], entry->kb_index = i, entry->kb_value = i * 0x101 + 0x41;
		CALL(SYS_ioctl, -1, KDSKBENT, entry);
		CALL(SYS_ioctl, -1, KDGKBENT, entry);
	}
	struct kbsentry *string = edge(sizeof(*string));
	strcpy((char *)string->kb_string, "hello");
	CALL(SYS_ioctl, -1, KDSKBSENT, string);
	CALL(SYS_ioctl, -1, KDGKBSENT, string);
	struct kbdiacrs *accents = edge(sizeof(*accents));
	accents->kb_cnt = 2, accents->kbdiacr[0] = (struct kbdiacr){'a', '\'', 0xe1}, accents->kbdiacr[1].base = '\\';
	CALL(SYS_ioctl, -1, KDSKBDIACR, accents);
	struct kbkeycode *code = edge(sizeof(*code));
	code->scancode = 0x1e, code->keycode = 30;
	CALL(SYS_ioctl, -1, KDSETKEYCODE, code);
	CALL(SYS_ioctl, -1, KDGETKEYCODE, code);
	CALL(SYS_ioctl, -1, KDKBDREP, code);
	CALL(SYS_ioctl, -1, KDGETMODE, code);
	CALL(SYS_ioctl, -1, KDENABIO);
	CALL(SYS_ioctl, -1, KDMAPDISP, 5);
	CALL(SYS_ioctl, -1, PIO_FONTRESET, 5);
	CALL(SYS_ioctl, -1, PIO_UNISCRNMAP, BAD);
	CALL(SYS_ioctl, -1, PIO_CMAP, edge(48));
	struct unimapinit *clear = edge(sizeof(*clear));
	clear->advised_hashsize = 1;
	CALL(SYS_ioctl, -1, PIO_UNIMAPCLR, clear);
	struct console_font_op *font = edge(sizeof(*font));
	font->op = 1, font->flags = 1, font->width = 8;
	CALL(SYS_ioctl, -1, KDFONTOP, font);
	font->op = 9, font->flags = 6;
	CALL(SYS_ioctl, -1, KDFONTOP, font);
}
