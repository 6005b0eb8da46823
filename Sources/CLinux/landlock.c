#define _GNU_SOURCE
#include "wh_landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

// The same numbers on every architecture since Linux 5.13.
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

struct ruleset {
  uint64_t files, ports, scopes;
};
_Static_assert(sizeof(struct ruleset) == 24, "struct landlock_ruleset_attr of version 6");

struct file_rule {
  uint64_t access;
  int32_t parent;
} __attribute__((packed));
_Static_assert(sizeof(struct file_rule) == 12, "struct landlock_path_beneath_attr");

struct port_rule {
  uint64_t access, port;
};

int wh_landlock_version(void) { return (int)syscall(SYS_landlock_create_ruleset, NULL, 0UL, 1U); }

// A kernel that knows less takes the longer structure when what it does not know is zero.
int wh_landlock_rules(uint64_t files, uint64_t ports, uint64_t scopes) {
  struct ruleset ruleset = {files, ports, scopes};
  return (int)syscall(SYS_landlock_create_ruleset, &ruleset, sizeof ruleset, 0U);
}

int wh_landlock_allow_file(int rules, int parent, uint64_t access) {
  struct file_rule rule = {access, parent};
  return (int)syscall(SYS_landlock_add_rule, rules, 1, &rule, 0U);
}

int wh_landlock_allow_port(int rules, uint16_t port, uint64_t access) {
  struct port_rule rule = {access, port};
  return (int)syscall(SYS_landlock_add_rule, rules, 2, &rule, 0U);
}

int wh_landlock_enter(int rules) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL) != 0) return -1;
  return (int)syscall(SYS_landlock_restrict_self, rules, 0U);
}

int wh_open_place(const void *path) { return open(path, O_PATH | O_CLOEXEC); }
