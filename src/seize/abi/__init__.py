"""What the kernel says, as data: numbers, names and layouts for each architecture.

`_generated` holds plain literals that tools/tables writes from kernel and C library headers;
nothing here asks the kernel or depends on the machine that runs it.
"""
