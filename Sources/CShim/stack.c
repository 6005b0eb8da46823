#define _GNU_SOURCE
#include "CShim.h"

#include <pthread.h>

struct work {
  void (*body)(void *);
  void *context;
};

static void *run(void *argument) {
  const struct work *work = argument;
  work->body(work->context);
  return NULL;
}

bool wh_run_on_stack(size_t bytes, void (*body)(void *), void *context) {
  pthread_attr_t attributes;
  pthread_t thread;
  struct work work = {body, context};
  if (pthread_attr_init(&attributes) != 0) return false;
  const bool is_started = pthread_attr_setstacksize(&attributes, bytes) == 0 &&
                          pthread_create(&thread, &attributes, run, &work) == 0;
  pthread_attr_destroy(&attributes);
  if (!is_started) return false;
  pthread_setname_np(thread, "wh-rules");
  pthread_join(thread, NULL);
  return true;
}
