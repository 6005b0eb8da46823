#pragma once

/// Puts the calling thread alone under SCHED_FIFO; threads that it starts inherit that. Returns 0, or -1 with errno
/// set. See sched(7).
int wh_set_realtime(int priority);

/// Puts the calling thread alone under SCHED_OTHER. Returns 0, or -1 with errno set.
int wh_set_ordinary(void);

/// Sets the nice value of the calling thread alone, whatever POSIX says. Returns 0, or -1 with errno set. See
/// setpriority(2).
int wh_set_nice(int nice);
