#define _GNU_SOURCE
#include "wh_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
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

// Debian 12's headers know Linux 6.1.
#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x00001000U
#endif
enum { mount_id_unique = 0x4000 };

static int64_t nanoseconds(struct statx_timestamp stamp) {
  return stamp.tv_sec * INT64_C(1000000000) + stamp.tv_nsec;
}

static int file_status(int directory, const char *path, int flags, uint32_t mount, struct wh_file_status *status) {
  struct statx info;
  const int how = flags | AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT;
  if (statx(directory, path, how, STATX_BASIC_STATS | mount, &info) != 0) return -1;
  *status = (struct wh_file_status){
      .mode = info.stx_mode,
      .owner = info.stx_uid,
      .group = info.stx_gid,
      .links = info.stx_nlink,
      .device_major = info.stx_dev_major,
      .device_minor = info.stx_dev_minor,
      .inode = info.stx_ino,
      .size = (int64_t)info.stx_size,
      .changed = nanoseconds(info.stx_ctime),
      .modified = nanoseconds(info.stx_mtime),
      .mount = (info.stx_mask & mount) != 0 ? info.stx_mnt_id : 0,
  };
  return 0;
}

int wh_file_status(const void *path, int unique_mount, struct wh_file_status *status) {
  return file_status(AT_FDCWD, path, 0, unique_mount ? mount_id_unique : STATX_MNT_ID, status);
}

int wh_open_directory_in_root(int root, const void *path) {
  struct open_how how = {
      .flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
      .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
  };
  return (int)syscall(SYS_openat2, root, path, &how, sizeof how);
}

int wh_file_status_beneath(int directory, const void *path, struct wh_file_status *status) {
  struct open_how how = {
      .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
      .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
  };
  const int file = (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
  if (file < 0) return -1;
  const int result = file_status(file, "", AT_EMPTY_PATH, 0, status);
  const int error = errno;
  close(file);
  errno = error;
  return result;
}

ssize_t wh_socket_protocol(const void *path, void *name, size_t size) {
  const ssize_t length = getxattr(path, "system.sockprotoname", name, size);
  // The kernel counts the NUL behind it.
  return length > 0 && ((char *)name)[length - 1] == 0 ? length - 1 : length;
}
