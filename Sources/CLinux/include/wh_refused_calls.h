#pragma once
#include <stdint.h>

// The answer to a system call that the filter traps (SECCOMP_RET_TRAP): a SIGSYS handler counts it and makes it
// return an error. In C, since a signal handler may run no Swift code. See seccomp(2).

enum {
  /// Calls from this number on share one counter.
  WH_REFUSED_NUMBERS = 1024,
};

/// Installs the handler for the whole process and unblocks SIGSYS in the calling thread.
///
/// A thread that blocks SIGSYS is killed by a trap, with the process. Returns 0, or -1 with errno set.
int wh_refused_calls_install(void);

/// The errno that call `number` returns from now on; ENOSYS otherwise. Before the filter is loaded.
void wh_refused_calls_answer(uint32_t number, int32_t error);

/// How often call `number` was refused; WH_REFUSED_NUMBERS stands for all above. Any thread.
uint64_t wh_refused_calls_count(uint32_t number);
