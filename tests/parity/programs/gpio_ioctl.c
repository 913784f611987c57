// ioctl: lines, counters, infrared, trusted execution
#include "parity.h"
#include <linux/counter.h>
#include <linux/gpio.h>
#include <linux/lirc.h>
#include <linux/tee.h>
#include <sys/ioctl.h>
void run(void)
{
	struct gpioline_info *line = edge(sizeof(*line));
	line->line_offset = 3;
	CALL(SYS_ioctl, -1, GPIO_GET_LINEINFO_IOCTL, line);
	struct gpiohandle_request *handle = edge(sizeof(*handle));
	handle->lines = 2, handle->lineoffsets[1] = 7, handle->flags = 3, handle->default_values[0] = 1;
	strcpy(handle->consumer_label, "me");
	CALL(SYS_ioctl, -1, GPIO_GET_LINEHANDLE_IOCTL, handle);
	struct gpioevent_request *event = edge(sizeof(*event));
	event->handleflags = 1, event->eventflags = 3;
	CALL(SYS_ioctl, -1, GPIO_GET_LINEEVENT_IOCTL, event);
	event->eventflags = 2;
	CALL(SYS_ioctl, -1, GPIO_GET_LINEEVENT_IOCTL, event);
	struct gpio_v2_line_request *request = edge(sizeof(*request));
	request->num_lines = 1, request->offsets[0] = 5, request->config.flags = GPIO_V2_LINE_FLAG_OUTPUT;
	CALL(SYS_ioctl, -1, GPIO_V2_GET_LINE_IOCTL, request);
	struct gpio_v2_line_values *values = edge(sizeof(*values));
	values->bits = 1, values->mask = 3;
	CALL(SYS_ioctl, -1, GPIO_V2_LINE_SET_VALUES_IOCTL, values);
	CALL(SYS_ioctl, -1, GPIO_V2_LINE_GET_VALUES_IOCTL, values);
	struct gpio_v2_line_info *info = edge(sizeof(*info));
	info->offset = 9;
	CALL(SYS_ioctl, -1, GPIO_V2_GET_LINEINFO_IOCTL, info);
	struct counter_watch *watch = edge(sizeof(*watch));
	watch->component.type = 2, watch->component.scope = 1, watch->event = 4, watch->channel = 8;
	CALL(SYS_ioctl, -1, COUNTER_ADD_WATCH_IOCTL, watch);
	watch->component.type = 99, watch->event = 99;
	CALL(SYS_ioctl, -1, COUNTER_ADD_WATCH_IOCTL, watch);
	CALL(SYS_ioctl, -1, COUNTER_ENABLE_EVENTS_IOCTL, watch);
	unsigned *number = edge(4);
	*number = LIRC_MODE_PULSE;
	CALL(SYS_ioctl, -1, LIRC_SET_SEND_MODE, number);
	*number = 38000;
	CALL(SYS_ioctl, -1, LIRC_SET_SEND_CARRIER, number);
	CALL(SYS_ioctl, -1, LIRC_SET_TRANSMITTER_MASK, number);
	CALL(SYS_ioctl, -1, LIRC_GET_FEATURES, number);
	struct tee_ioctl_close_session_arg *session = edge(sizeof(*session));
	session->session = 7;
	CALL(SYS_ioctl, -1, TEE_IOC_CLOSE_SESSION, session);
	struct tee_ioctl_shm_alloc_data *memory = edge(sizeof(*memory));
	memory->size = 4096, memory->flags = 1;
	CALL(SYS_ioctl, -1, TEE_IOC_SHM_ALLOC, memory);
	CALL(SYS_ioctl, -1, TEE_IOC_VERSION, memory);
	uint64_t *buffer = edge(16);
	buffer[1] = 3;
	CALL(SYS_ioctl, -1, TEE_IOC_INVOKE, buffer);
}
