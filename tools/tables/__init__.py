"""Regenerates ``src/seize/abi/_generated`` from pinned kernel and C library headers.

``python -m tools.tables`` writes the tables, ``--check`` compares.  What is chosen from the headers
is described in ``sets.toml`` (flag sets), ``roots.toml`` (structs) and ``ioctls.toml``; which
headers, in ``requirements.txt``.  They are kept in ``$SEIZE_TABLES_CACHE``, by default
``~/.cache/seize-tables``.
"""
