#include "Cz.h"

#include <dlfcn.h>
#include <pthread.h>

#define LIBRARY "libz.so.1"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct wh_zlib functions;
static int is_loaded;

static int load(const char **reason) {
  void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
#define RESOLVE(name)                                                       \
  if (library) {                                                            \
    *(void **)(void *)&functions.name = dlsym(library, #name);              \
    if (!functions.name) library = NULL;                                    \
  }
  WH_ZLIB_FUNCTIONS(RESOLVE)
  if (!library) *reason = dlerror();
  return library != NULL;
}

const struct wh_zlib *wh_zlib_load(const char **reason) {
  pthread_mutex_lock(&lock);
  if (!is_loaded) is_loaded = load(reason);
  pthread_mutex_unlock(&lock);
  return is_loaded ? &functions : NULL;
}
