#include "wh_heap.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

int wh_trim_heap(void) { return malloc_trim(0); }
#else
int wh_trim_heap(void) { return 0; }
#endif
