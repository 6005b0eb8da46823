#define _GNU_SOURCE
#include "wh_sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

int wh_peer_of(int fd, struct wh_peer *peer) {
  struct ucred credentials;
  socklen_t size = sizeof credentials;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return -1;
  peer->pid = credentials.pid;
  peer->uid = credentials.uid;
  peer->gid = credentials.gid;
  return 0;
}

int wh_peer_groups(int fd, uint32_t *groups, size_t capacity) {
  socklen_t size = (socklen_t)(capacity * sizeof *groups);
  if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) != 0) return -1;
  return (int)(size / sizeof *groups);
}

int wh_accept(int fd) { return accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int wh_set_socket_mode(const void *path, uint32_t mode) {
  const int place = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  if (place < 0) return -1;
  struct stat status;
  char link[32];
  snprintf(link, sizeof link, "/proc/self/fd/%d", place);
  int result = fstat(place, &status);
  if (result == 0 && !S_ISSOCK(status.st_mode)) {
    errno = ENOTSOCK;
    result = -1;
  }
  if (result == 0) result = chmod(link, mode);
  const int error = errno;
  close(place);
  errno = error;
  return result;
}
