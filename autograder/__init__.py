"""The course's engine: reads, runs, judges and books submitted notebooks."""

__version__ = "0.1.0"
