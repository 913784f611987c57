"""Regenerates ``src/seize/abi/_generated`` from pinned kernel and C library headers."""
