"""Random system calls: what ``bench.fuzz`` and the tests give the decoder."""
