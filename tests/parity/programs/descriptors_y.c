// The paths of descriptors.
// options: -y
#include "descriptors.h"
