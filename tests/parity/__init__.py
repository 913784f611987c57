"""Beside the real strace: the same programs under both, compared line by line."""
