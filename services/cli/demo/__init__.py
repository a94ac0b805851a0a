"""A demo year: a contest package (`year/`) whose marks are played into a running platform one by one."""
