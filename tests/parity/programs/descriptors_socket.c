// The protocols and addresses of sockets.
// options: --decode-fds=socket
#include "descriptors.h"
