"""Figures, never timed tests: each beside a limit measured in the same run. ``make bench``."""
