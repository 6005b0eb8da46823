#pragma once
#include <stdint.h>

/// timerfd_create(2) on CLOCK_MONOTONIC with TFD_CLOEXEC; its read(2) blocks. Returns a descriptor, or -1 with errno.
int wh_timerfd(void);

/// Lets the timer fire once after `nanoseconds`, or never when 0. See timerfd_settime(2). Returns 0 or -1 with errno.
int wh_timerfd_set(int descriptor, uint64_t nanoseconds);
