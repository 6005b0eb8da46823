#define _GNU_SOURCE
#include "wh_threads.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

int wh_set_thread_name(const char *name) { return pthread_setname_np(pthread_self(), name); }

int32_t wh_gettid(void) { return (int32_t)syscall(SYS_gettid); }

int wh_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
