#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// Opens a file for reading: close-on-exec, never a controlling terminal, never waiting at a FIFO. `path` is a C
/// string. Returns a descriptor, or -1 with errno set. See open(2).
int wh_open_file(const void *path);

/// Opens a directory that others are found below, without the right to list it. `path` is a C string. Returns a
/// descriptor, or -1 with errno set. See open(2), O_PATH.
int wh_open_root(const void *path);

/// readlink(2). `path` is a C string. Returns the target's length, or -1 with errno set.
ssize_t wh_read_link(const void *path, void *target, size_t size);

/// Opens a file for reading as if `root` were the root directory: neither `..` nor an absolute symbolic link leads
/// out, and links such as /proc/PID/fd/N are not followed. See openat2(2), RESOLVE_IN_ROOT. Otherwise as
/// `wh_open_file`. Returns a descriptor, or -1 with errno set (ENOSYS before Linux 5.6).
int wh_open_in_root(int root, const void *path);

/// Reads directory entries as `struct linux_dirent64`. See getdents64(2).
/// Returns the bytes filled, 0 at the end, or -1 with errno set.
ssize_t wh_read_directory(int directory, void *buffer, size_t size);

/// Where the members of `struct linux_dirent64` lie; checked when the C target is compiled.
enum {
  WH_DIRENT_LENGTH = 16,  ///< uint16_t: the whole entry's length
  WH_DIRENT_TYPE = 18,    ///< uint8_t: DT_DIR and so on
  WH_DIRENT_NAME = 19,    ///< char[]: the name, ended by NUL
};

/// What a descriptor refers to, as far as we ask. See fstat(2).
struct wh_file_info {
  uint32_t mode;
  uint32_t owner;
  uint64_t device;
  uint64_t inode;
  int64_t size;
  int64_t modified;  ///< nanoseconds since 1970 UTC
};

/// fstat(2) with a layout that is the same on every architecture. Returns 0, or -1 with errno set.
int wh_file_info(int descriptor, struct wh_file_info *info);

/// O_NONBLOCK on an open descriptor, by the variadic fcntl(2). Returns 0, or -1 with errno set.
int wh_set_nonblocking(int descriptor);

/// When the file of a descriptor was made, in nanoseconds since 1970 UTC; 0 when the file system does not know. See
/// statx(2), STATX_BTIME.
int64_t wh_file_birth(int descriptor);

/// What a path leads to. See statx(2).
struct wh_file_status {
  uint32_t mode;
  uint32_t owner;
  uint32_t group;
  uint32_t links;
  uint32_t device_major;
  uint32_t device_minor;
  uint64_t inode;
  int64_t size;
  int64_t changed;       ///< nanoseconds since 1970: the inode
  int64_t modified;      ///< nanoseconds since 1970: the content
  uint64_t mount;        ///< the mount's id as mountinfo tells it, or one that never comes back; 0 when not told
};

/// statx(2) of what `path`, a C string, leads to. AT_STATX_DONT_SYNC: a FUSE or network file system is not asked, so
/// that nobody who serves one can hold the caller. `unique_mount` asks for the mount's id that never comes back (Linux
/// 6.8; 0 before). Returns 0, or -1 with errno set.
int wh_file_status(const void *path, int unique_mount, struct wh_file_status *status);

/// Opens a directory as if `root` were the root directory, without the right to list it. `path` is a C string. Returns a
/// descriptor, or -1 with errno set. See openat2(2), RESOLVE_IN_ROOT.
int wh_open_directory_in_root(int root, const void *path);

/// As `wh_file_status`, of a file below an open directory: neither out of it, nor through any link, nor onto another
/// mount. See openat2(2), RESOLVE_BENEATH.
int wh_file_status_beneath(int directory, const void *path, struct wh_file_status *status);

/// The name of the protocol of the socket that `path`, a C string, leads to, without a NUL. Returns its length, or -1
/// with errno set. See getxattr(2), system.sockprotoname.
ssize_t wh_socket_protocol(const void *path, void *name, size_t size);
