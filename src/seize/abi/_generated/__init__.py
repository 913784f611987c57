"""Written by tools/tables; see the banner of each module."""
