"""Benchmarks: scripts that print tables. Timings belong here, never in tests."""
