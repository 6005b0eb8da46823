#include "Cdl.h"

#include <dlfcn.h>
#include <string.h>

static int load(struct wh_library *library, const char **reason) {
  void *handle = dlopen(library->name, RTLD_NOW | RTLD_LOCAL);
  for (size_t i = 0; handle && i < library->count; i++) {
    void *function = dlsym(handle, library->symbols[i]);
    memcpy((char *)library->functions + i * sizeof function, &function, sizeof function);
    if (!function) handle = NULL;
  }
  if (!handle) {
    *reason = dlerror();
    return 0;
  }
  return !library->prepare || library->prepare(reason);
}

int wh_library_load(struct wh_library *library, const char **reason) {
  pthread_mutex_lock(&library->lock);
  if (!library->is_loaded) library->is_loaded = load(library, reason);
  const int is_loaded = library->is_loaded;
  pthread_mutex_unlock(&library->lock);
  return is_loaded;
}
