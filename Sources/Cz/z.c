#include "Cz.h"

#include <Cdl.h>

static struct wh_zlib functions;
WH_LIBRARY(zlib, "libz.so.1", WH_ZLIB_FUNCTIONS, functions, NULL);

const struct wh_zlib *wh_zlib_load(const char **reason) {
  return wh_library_load(&zlib, reason) ? &functions : NULL;
}
