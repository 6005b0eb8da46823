#pragma once
#include <stdint.h>

/// Names the calling thread, at most 15 bytes. See pthread_setname_np(3). Returns 0 or an errno.
int wh_set_thread_name(const char *name);

/// The kernel's id of the calling thread. See gettid(2).
int32_t wh_gettid(void);

/// eventfd(2) with EFD_CLOEXEC | EFD_NONBLOCK. Returns a descriptor, or -1 with errno set.
int wh_eventfd(void);
