#pragma once
#include <stddef.h>
#include <stdint.h>

/// Who connected the other end of a unix socket, as the kernel noted it at that moment. See SO_PEERCRED in unix(7).
struct wh_peer {
  int32_t pid;
  uint32_t uid;
  uint32_t gid;
};

/// Returns 0, or -1 with errno set.
int wh_peer_of(int fd, struct wh_peer *peer);

/// The supplementary groups of who connected, at most `capacity` of them (SO_PEERGROUPS, Linux 4.13).
/// Returns their number, or -1 with errno set: ERANGE when there are more.
int wh_peer_groups(int fd, uint32_t *groups, size_t capacity);

/// accept4(2) with SOCK_CLOEXEC | SOCK_NONBLOCK. Returns a descriptor, or -1 with errno set.
int wh_accept(int fd);

/// chmod(2) for a socket file, given as a C string: a link is not followed, and nothing else is changed. Returns 0, or -1
/// with errno set: ENOTSOCK when it is none.
int wh_set_socket_mode(const void *path, uint32_t mode);
