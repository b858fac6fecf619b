"""python -m cpom_tutor"""

import sys

from cpom_tutor.cli import main

sys.exit(main())
