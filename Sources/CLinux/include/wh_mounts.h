#pragma once
#include <stdint.h>

/// Opens a process so that poll(2) tells when it has ended: close-on-exec. Returns a descriptor, or -1 with errno set.
/// See pidfd_open(2), Linux 5.3.
int wh_pidfd(int32_t pid);

/// Whether something would be mounted if `path` below `root`, a directory opened with O_PATH, were opened: nothing is by
/// this. 1 or 0, or -1 with errno set. See autofs(5).
int wh_is_automount_below(int root, const void *path);

/// Whether `path` below `root`, a directory opened with O_PATH, is a socket. No symbolic link is followed on the way, no
/// device is asked, and nothing is opened: 1 or 0, or -1 with errno set. See openat2(2).
int wh_is_socket_below(int root, const void *path);
