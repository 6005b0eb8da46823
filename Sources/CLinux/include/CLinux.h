/// Kernel structs, constants and calls that Swift cannot import: variadic calls, macros with casts, and what
/// glibc declares only under _GNU_SOURCE. Every name starts with `wh_`; no logic lives here.
///
/// _GNU_SOURCE stays in the .c files: defined in a header that Swift imports it makes `fd_set` clash.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "wh_connector.h"
#include "wh_files.h"
#include "wh_heap.h"
#include "wh_inotify.h"
#include "wh_landlock.h"
#include "wh_mounts.h"
#include "wh_privileges.h"
#include "wh_programs.h"
#include "wh_refused_calls.h"
#include "wh_sched.h"
#include "wh_sockets.h"
#include "wh_threads.h"
#include "wh_timer.h"
#include "wh_uevent.h"
