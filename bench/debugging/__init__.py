"""What each debugger is made to do; one file for each, run in a process of its own."""
