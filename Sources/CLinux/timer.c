#include "wh_timer.h"

#include <sys/timerfd.h>

int wh_timerfd(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC); }

int wh_timerfd_set(int descriptor, uint64_t nanoseconds) {
  const struct itimerspec when = {
      .it_value = {.tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)}};
  return timerfd_settime(descriptor, 0, &when, 0);
}
