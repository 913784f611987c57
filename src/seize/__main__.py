"""``python -m seize``: the same as the command ``seize``."""

import sys

from seize.cli import main

sys.exit(main())
