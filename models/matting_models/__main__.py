"""`python -m matting_models`, the same as the installed command `matting-models`."""

import sys

from matting_models.cli import main

if __name__ == "__main__":
    sys.exit(main())
