#pragma once
#include <stdint.h>

// Landlock: what the calling thread, and the threads that it will start, may do with files and the network. Numbers of
// our own, since a distribution's headers may be older than its kernel. See landlock(7).

/// Access to files.
static const uint64_t WH_LANDLOCK_WRITE_FILE = 1ull << 1;
static const uint64_t WH_LANDLOCK_READ_FILE = 1ull << 2;
static const uint64_t WH_LANDLOCK_READ_DIRECTORY = 1ull << 3;
static const uint64_t WH_LANDLOCK_REMOVE_FILE = 1ull << 5;
static const uint64_t WH_LANDLOCK_MAKE_FILE = 1ull << 8;
/// Everything that version 1 knows, and what later versions know besides.
static const uint64_t WH_LANDLOCK_FILES_1 = (1ull << 13) - 1;
static const uint64_t WH_LANDLOCK_FILES_2 = 1ull << 13;  ///< links and names across directories
static const uint64_t WH_LANDLOCK_FILES_3 = 1ull << 14;  ///< truncate
static const uint64_t WH_LANDLOCK_FILES_5 = 1ull << 15;  ///< ioctl of devices

/// Access to TCP ports, from version 4 on.
static const uint64_t WH_LANDLOCK_BIND = 1ull << 0;
static const uint64_t WH_LANDLOCK_CONNECT = 1ull << 1;

/// What lies outside of the thread's reach, from version 6 on.
static const uint64_t WH_LANDLOCK_ABSTRACT_SOCKETS = 1ull << 0;

/// Returns the kernel's version of Landlock, or -1 with errno set: ENOSYS, EOPNOTSUPP. See landlock_create_ruleset(2).
int wh_landlock_version(void);

/// Returns a descriptor for rules; what is handled is refused unless one of them allows it. -1 with errno set.
int wh_landlock_rules(uint64_t files, uint64_t ports, uint64_t scopes);

/// Allows access to what `parent` refers to, and to all below it. See landlock_add_rule(2).
int wh_landlock_allow_file(int rules, int parent, uint64_t access);

/// The same for a TCP port.
int wh_landlock_allow_port(int rules, uint16_t port, uint64_t access);

/// Holds the calling thread to the rules, for ever; it also gives up new privileges, as it must.
/// See landlock_restrict_self(2).
int wh_landlock_enter(int rules);

/// Opens a file or a directory as a place only, whatever it is. `path` is a C string. See open(2), O_PATH.
int wh_open_place(const void *path);
