#define _GNU_SOURCE
#include "wh_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

_Static_assert(offsetof(struct dirent64, d_reclen) == WH_DIRENT_LENGTH, "linux_dirent64.d_reclen");
_Static_assert(sizeof(((struct dirent64 *)0)->d_reclen) == 2, "linux_dirent64.d_reclen");
_Static_assert(offsetof(struct dirent64, d_type) == WH_DIRENT_TYPE, "linux_dirent64.d_type");
_Static_assert(offsetof(struct dirent64, d_name) == WH_DIRENT_NAME, "linux_dirent64.d_name");

enum { for_reading = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK };

int wh_open_file(const void *path) { return open(path, for_reading); }

int wh_open_root(const void *path) { return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC); }

ssize_t wh_read_link(const void *path, void *target, size_t size) { return readlink(path, target, size); }

int wh_open_in_root(int root, const void *path) {
  struct open_how how = {
      .flags = for_reading,
      .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
  };
  return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

ssize_t wh_read_directory(int directory, void *buffer, size_t size) {
  return getdents64(directory, buffer, size);
}

int wh_file_info(int descriptor, struct wh_file_info *info) {
  struct stat status;
  if (fstat(descriptor, &status) != 0) return -1;
  *info = (struct wh_file_info){
      .mode = status.st_mode,
      .owner = status.st_uid,
      .device = status.st_dev,
      .inode = status.st_ino,
      .size = status.st_size,
      .modified = status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec,
  };
  return 0;
}

int wh_set_nonblocking(int descriptor) {
  const int flags = fcntl(descriptor, F_GETFL);
  return flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ? -1 : 0;
}

int64_t wh_file_birth(int descriptor) {
  struct statx info;
  if (statx(descriptor, "", AT_EMPTY_PATH, STATX_BTIME, &info) != 0 || !(info.stx_mask & STATX_BTIME)) return 0;
  return (int64_t)info.stx_btime.tv_sec * 1000000000 + info.stx_btime.tv_nsec;
}
