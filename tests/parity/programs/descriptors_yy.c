// All that is known of descriptors.
// options: -yy
#include "descriptors.h"
