"""What every test shares: repeatable randomness, and one thread for each worker."""

import os

from hypothesis import settings

# Workers run beside one another; without this each of them would start a thread for every core.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # They are handed the width of the terminal, on which what a command prints must not depend here.
    os.environ.pop("COLUMNS", None)

# The same examples on every run and on every machine, however slow it is.
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable")
