// ioctl: video: formats, buffers, controls
#include "parity.h"
#include <linux/videodev2.h>
#include <sys/ioctl.h>
void run(void)
{
	struct v4l2_format *format = edge(sizeof(*format));
	for (unsigned type = 0; type < 16; type++) {
		memset(format, 0, sizeof(*format));
		format->type = type;
		CALL(SYS_ioctl, -1, VIDIOC_G_FMT, format);
		if (type == 1 || type == 2) {
			format->fmt.pix.width = 640, format->fmt.pix.height = 480;
			format->fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV, format->fmt.pix.field = V4L2_FIELD_NONE;
			format->fmt.pix.colorspace = 77;
		}
		CALL(SYS_ioctl, -1, VIDIOC_S_FMT, format);
	}
	CALL(SYS_ioctl, -1, VIDIOC_TRY_FMT, BAD);
	struct v4l2_requestbuffers *request = edge(sizeof(*request));
	request->count = 4, request->type = V4L2_BUF_TYPE_VIDEO_CAPTURE, request->memory = V4L2_MEMORY_MMAP;
	CALL(SYS_ioctl, -1, VIDIOC_REQBUFS, request);
	request->type = 99, request->memory = 99;
	CALL(SYS_ioctl, -1, VIDIOC_REQBUFS, request);
	struct v4l2_buffer *buffer = edge(sizeof(*buffer));
	buffer->type = V4L2_BUF_TYPE_VIDEO_CAPTURE, buffer->index = 3;
	CALL(SYS_ioctl, -1, VIDIOC_QUERYBUF, buffer);
	CALL(SYS_ioctl, -1, VIDIOC_QBUF, buffer);
	CALL(SYS_ioctl, -1, VIDIOC_DQBUF, buffer);
	int *number = edge(4);
	for (*number = 0; *number < 3; ++*number)
		CALL(SYS_ioctl, -1, VIDIOC_STREAMON, number);
	CALL(SYS_ioctl, -1, VIDIOC_S_INPUT, number);
	CALL(SYS_ioctl, -1, VIDIOC_G_INPUT, number);
	struct v4l2_control *control = edge(sizeof(*control));
	control->id = V4L2_CID_BRIGHTNESS, control->value = -5;
	CALL(SYS_ioctl, -1, VIDIOC_S_CTRL, control);
	control->id = 3;
	CALL(SYS_ioctl, -1, VIDIOC_G_CTRL, control);
	struct v4l2_queryctrl *query = edge(sizeof(*query));
	static const unsigned ids[] = {V4L2_CID_GAIN, V4L2_CTRL_FLAG_NEXT_CTRL, V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CID_HUE, 7};
	for (unsigned i = 0; i < COUNT(ids); i++) {
		query->id = ids[i];
		CALL(SYS_ioctl, -1, VIDIOC_QUERYCTRL, query);
	}
	struct v4l2_frmsizeenum *sizes = edge(sizeof(*sizes));
	sizes->index = 1, sizes->pixel_format = V4L2_PIX_FMT_MJPEG;
	CALL(SYS_ioctl, -1, VIDIOC_ENUM_FRAMESIZES, sizes);
	struct v4l2_frmivalenum *intervals = edge(sizeof(*intervals));
	intervals->width = 640, intervals->pixel_format = 0x27ff5c41;
	CALL(SYS_ioctl, -1, VIDIOC_ENUM_FRAMEINTERVALS, intervals);
	struct v4l2_streamparm *parm = edge(sizeof(*parm));
	parm->type = 1, parm->parm.capture.timeperframe.numerator = 1, parm->parm.capture.timeperframe.denominator = 30;
	CALL(SYS_ioctl, -1, VIDIOC_S_PARM, parm);
	parm->type = 2;
	CALL(SYS_ioctl, -1, VIDIOC_G_PARM, parm);
	struct v4l2_crop *crop = edge(sizeof(*crop));
	crop->type = 1, crop->c.left = -1, crop->c.width = 10;
	CALL(SYS_ioctl, -1, VIDIOC_S_CROP, crop);
	CALL(SYS_ioctl, -1, VIDIOC_CROPCAP, crop);
	CALL(SYS_ioctl, -1, VIDIOC_QUERYCAP, crop);
	unsigned long long *standard = edge(8);
	*standard = V4L2_STD_PAL;
	CALL(SYS_ioctl, -1, VIDIOC_S_STD, standard);
}
