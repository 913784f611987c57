// ioctl: real-time clocks and PTP clocks
#include "parity.h"
#include <linux/ptp_clock.h>
#include <linux/rtc.h>
#include <sys/ioctl.h>
void run(void)
{
	struct rtc_time *time = edge(sizeof(*time));
	*time = (struct rtc_time){1, 2, 3, 4, 5, 126, 6, 7, -1};
	CALL(SYS_ioctl, -1, RTC_SET_TIME, time);
	CALL(SYS_ioctl, -1, RTC_ALM_SET, time);
	CALL(SYS_ioctl, -1, RTC_RD_TIME, time);
	CALL(SYS_ioctl, -1, RTC_SET_TIME, (char *)time + 4);
	struct rtc_wkalrm *alarm = edge(sizeof(*alarm));
	alarm->enabled = 1, alarm->time = *time;
	CALL(SYS_ioctl, -1, RTC_WKALM_SET, alarm);
	CALL(SYS_ioctl, -1, RTC_AIE_ON, 1);
	CALL(SYS_ioctl, -1, RTC_UIE_ON, 1);
	CALL(SYS_ioctl, -1, RTC_VL_CLR, 1);
	CALL(SYS_ioctl, -1, RTC_IRQP_SET, 64);
	CALL(SYS_ioctl, -1, RTC_EPOCH_SET, ALL);
	CALL(SYS_ioctl, -1, RTC_IRQP_READ, time);
	CALL(SYS_ioctl, -1, RTC_VL_READ, time);
	struct rtc_pll_info *pll = edge(sizeof(*pll));
	pll->pll_value = -1;
	CALL(SYS_ioctl, -1, RTC_PLL_SET, pll);
	struct ptp_extts_request *extts = edge(sizeof(*extts));
	extts->index = 1, extts->flags = 0xff;
	CALL(SYS_ioctl, -1, PTP_EXTTS_REQUEST, extts);
	extts->rsv[1] = 5;
	CALL(SYS_ioctl, -1, PTP_EXTTS_REQUEST, extts);
	struct ptp_perout_request *perout = edge(sizeof(*perout));
	perout->period.sec = 1, perout->start.sec = 1700000000, perout->start.nsec = 5;
	for (unsigned flags = 0; flags < 9; flags++) {
		perout->flags = flags, perout->on.nsec = 3 * (flags & 2);
		CALL(SYS_ioctl, -1, PTP_PEROUT_REQUEST, perout);
	}
	CALL(SYS_ioctl, -1, PTP_ENABLE_PPS, 1);
	CALL(SYS_ioctl, -1, PTP_CLOCK_GETCAPS, extts);
	struct ptp_pin_desc *pin = edge(sizeof(*pin));
	pin->index = 2, pin->func = 1, pin->chan = 3;
	CALL(SYS_ioctl, -1, PTP_PIN_SETFUNC, pin);
	pin->func = 99;
	CALL(SYS_ioctl, -1, PTP_PIN_SETFUNC, pin);
	CALL(SYS_ioctl, -1, PTP_PIN_GETFUNC, pin);
	struct ptp_sys_offset *offset = edge(sizeof(*offset));
	offset->n_samples = 3;
	CALL(SYS_ioctl, -1, PTP_SYS_OFFSET, offset);
}
