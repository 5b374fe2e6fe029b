"""Timings, always as ratios or differences against a peer that is measured in the same run: `make bench`."""
