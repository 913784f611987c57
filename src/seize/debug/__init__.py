"""The debugger as a library: breakpoints, watchpoints, stepping, and what a stopped program has."""
