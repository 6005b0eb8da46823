#pragma once
#include <stdint.h>

/// inotify_init1(2) with IN_CLOEXEC | IN_NONBLOCK. Returns a descriptor, or -1 with errno set.
int wh_inotify(void);

/// inotify_add_watch(2), of a directory alone (IN_ONLYDIR). `path` is a C string. Returns the watch's number, which is
/// that of the watch that the directory has already, or -1 with errno set.
int wh_inotify_watch(int inotify, const void *path, uint32_t mask);

/// inotify_add_watch(2), of a file that is no symbolic link (IN_DONT_FOLLOW). As `wh_inotify_watch`.
int wh_inotify_watch_file(int inotify, const void *path, uint32_t mask);

/// inotify_rm_watch(2). Returns 0, or -1 with errno set.
int wh_inotify_unwatch(int inotify, int watch);

/// What may happen, and where the members of `struct inotify_event` lie; checked when the C target is compiled.
enum {
  WH_IN_MODIFY = 0x2,
  WH_IN_MOVED_FROM = 0x40,
  WH_IN_MOVED_TO = 0x80,
  WH_IN_CREATE = 0x100,
  WH_IN_DELETE = 0x200,
  WH_IN_OVERFLOW = 0x4000,    ///< the queue was full: events are missing
  WH_IN_IGNORED = 0x8000,     ///< the watch is gone, mostly with its directory
  WH_IN_ISDIR = 0x40000000,
  WH_INOTIFY_MASK = 4,        ///< uint32_t
  WH_INOTIFY_LENGTH = 12,     ///< uint32_t: bytes of the name, zeros at its end among them
  WH_INOTIFY_NAME = 16,       ///< char[]
};
