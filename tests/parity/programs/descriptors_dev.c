// The numbers of devices, the processes of pidfds.
// options: --decode-fds=dev,pidfd
#include "descriptors.h"
