"""Benchmarks: ``python -m bench [SUBJECT…]`` prints one table a subject; nothing is asserted."""
