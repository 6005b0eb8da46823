#define _GNU_SOURCE
#include "wh_programs.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000U
#endif

static int64_t nanoseconds(struct statx_timestamp time) { return time.tv_sec * 1000000000LL + time.tv_nsec; }

int wh_open_target(const void *path) { return open(path, O_PATH | O_CLOEXEC); }

uint64_t wh_memory_device(void) {
  const int file = memfd_create("windhover", MFD_CLOEXEC);
  if (file < 0) return 0;
  struct stat status;
  const uint64_t device = fstat(file, &status) == 0 ? status.st_dev : 0;
  close(file);
  return device;
}

int wh_program_info(int descriptor, struct wh_program_info *info) {
  struct statx status;
  // From a file system in user space this must not wait for its process, which may be hostile.
  if (statx(descriptor, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS | STATX_MNT_ID, &status) != 0)
    return -1;
  *info = (struct wh_program_info){
      .mode = status.stx_mode,
      .device = makedev(status.stx_dev_major, status.stx_dev_minor),
      .inode = status.stx_ino,
      .size = (int64_t)status.stx_size,
      .modified = nanoseconds(status.stx_mtime),
      .changed = nanoseconds(status.stx_ctime),
      .mount = status.stx_mask & STATX_MNT_ID ? status.stx_mnt_id : 0,
  };
  return 0;
}
