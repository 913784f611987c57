// The paths of descriptors, by the long option.
// options: --decode-fds=path
#include "descriptors.h"
