#define _GNU_SOURCE
#include "wh_mounts.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

int wh_pidfd(int32_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int wh_is_automount_below(int root, const void *path) {
  // Without O_DIRECTORY the last part is not mounted by being found.
  struct open_how how = {
      .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
      .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS,
  };
  const int descriptor = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
  if (descriptor < 0) return -1;
  struct statfs status;
  const int result = fstatfs(descriptor, &status) != 0 ? -1 : status.f_type == AUTOFS_SUPER_MAGIC;
  close(descriptor);
  return result;
}

int wh_is_socket_below(int root, const void *path) {
  struct open_how how = {
      .flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
      .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS,
  };
  const int descriptor = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
  if (descriptor < 0) return -1;
  struct stat status;
  const int result = fstat(descriptor, &status) != 0 ? -1 : S_ISSOCK(status.st_mode);
  close(descriptor);
  return result;
}
