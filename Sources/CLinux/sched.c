#define _GNU_SOURCE
#include "wh_sched.h"

#include <sched.h>
#include <sys/resource.h>

int wh_set_realtime(int priority) {
  struct sched_param parameters = {.sched_priority = priority};
  return sched_setscheduler(0, SCHED_FIFO, &parameters);
}

int wh_set_ordinary(void) {
  struct sched_param parameters = {.sched_priority = 0};
  return sched_setscheduler(0, SCHED_OTHER, &parameters);
}

int wh_set_nice(int nice) { return setpriority(PRIO_PROCESS, 0, nice); }
