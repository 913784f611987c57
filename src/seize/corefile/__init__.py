"""Core files, core(5): writing one of a living process, and reading one."""
