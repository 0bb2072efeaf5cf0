"""Instruments, effects and mixing, in a process of their own, and offline."""

import os

# One thread for numpy's matrix products: a second one would take the other core from the mixer's
# neighbours, and sums divided differently would not give the same bytes. To be said before numpy loads.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
