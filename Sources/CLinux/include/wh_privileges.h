#pragma once
#include <sys/types.h>

// What a process gives up of itself. Each returns 0, or -1 with errno set.

/// Makes `user` the real, effective and saved user of every thread. See setresuid(2).
int wh_set_user(uid_t user);

/// Makes `group` the real, effective and saved group of every thread. See setresgid(2).
int wh_set_group(gid_t group);

/// Whether the calling thread's permitted capabilities outlive its leaving of uid 0.
/// See PR_SET_KEEPCAPS(2const).
int wh_keep_capabilities(int keep);

/// From here on exec brings no privilege. For ever. See PR_SET_NO_NEW_PRIVS(2const).
int wh_refuse_new_privileges(void);

/// No core dump, no ptrace by the same user; the process's files below /proc belong to root.
/// See PR_SET_DUMPABLE(2const).
int wh_refuse_dumps(void);

/// Memory that could be written is never executable. For ever; EINVAL before Linux 6.3. See PR_SET_MDWE(2const).
int wh_refuse_written_code(void);

/// The environment: C strings `NAME=value`, ended by a null pointer. See environ(7).
char **wh_environment(void);
