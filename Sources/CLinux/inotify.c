#include "wh_inotify.h"

#include <stddef.h>
#include <sys/inotify.h>

_Static_assert(WH_IN_MODIFY == IN_MODIFY && WH_IN_CREATE == IN_CREATE && WH_IN_DELETE == IN_DELETE, "inotify");
_Static_assert(WH_IN_MOVED_FROM == IN_MOVED_FROM && WH_IN_MOVED_TO == IN_MOVED_TO, "inotify");
_Static_assert(WH_IN_OVERFLOW == IN_Q_OVERFLOW && WH_IN_IGNORED == IN_IGNORED && WH_IN_ISDIR == IN_ISDIR, "inotify");
_Static_assert(offsetof(struct inotify_event, wd) == 0, "inotify_event.wd");
_Static_assert(offsetof(struct inotify_event, mask) == WH_INOTIFY_MASK, "inotify_event.mask");
_Static_assert(offsetof(struct inotify_event, len) == WH_INOTIFY_LENGTH, "inotify_event.len");
_Static_assert(offsetof(struct inotify_event, name) == WH_INOTIFY_NAME, "inotify_event.name");

int wh_inotify(void) { return inotify_init1(IN_CLOEXEC | IN_NONBLOCK); }

int wh_inotify_watch(int inotify, const void *path, uint32_t mask) {
  return inotify_add_watch(inotify, path, mask | IN_ONLYDIR);
}

int wh_inotify_watch_file(int inotify, const void *path, uint32_t mask) {
  return inotify_add_watch(inotify, path, mask | IN_DONT_FOLLOW);
}

int wh_inotify_unwatch(int inotify, int watch) { return inotify_rm_watch(inotify, watch); }
