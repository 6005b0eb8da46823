#pragma once
#include <stdint.h>

/// What a program's file is, as far as can be told without asking a server or another process.
struct wh_program_info {
  uint32_t mode;
  uint64_t device;
  uint64_t inode;
  int64_t size;
  int64_t modified;  ///< nanoseconds since 1970 UTC
  int64_t changed;   ///< the same, of the inode: nobody can set it
  uint64_t mount;    ///< the id in mountinfo; 0 before Linux 5.8
};

/// Opens what a link such as /proc/PID/exe leads to, without opening the file: it can only be asked about. `path` is a C
/// string. Returns a descriptor, or -1 with errno set. See open(2), O_PATH.
int wh_open_target(const void *path);

/// statx(2) of an open descriptor, with what the kernel has in memory. Returns 0, or -1 with errno set.
int wh_program_info(int descriptor, struct wh_program_info *info);

/// The device of memory files, the kernel's own for all of them; 0 when none can be made. See memfd_create(2).
uint64_t wh_memory_device(void);
