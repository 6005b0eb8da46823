#define _GNU_SOURCE
#include "wh_privileges.h"

#include <sys/prctl.h>
#include <unistd.h>

// Linux 6.3; Debian 12's headers are older.
#ifndef PR_SET_MDWE
#define PR_SET_MDWE 65
#define PR_MDWE_REFUSE_EXEC_GAIN (1UL << 0)
#endif

int wh_set_user(uid_t user) { return setresuid(user, user, user); }

int wh_set_group(gid_t group) { return setresgid(group, group, group); }

int wh_keep_capabilities(int keep) { return prctl(PR_SET_KEEPCAPS, keep ? 1UL : 0UL, 0UL, 0UL, 0UL); }

int wh_refuse_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL); }

int wh_refuse_dumps(void) { return prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL); }

int wh_refuse_written_code(void) { return prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN, 0UL, 0UL, 0UL); }

char **wh_environment(void) { return environ; }
