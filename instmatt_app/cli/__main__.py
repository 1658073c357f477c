"""``python -m instmatt_app.cli`` is ``instmatt``."""

import sys

from instmatt_app.cli import main

sys.exit(main())
