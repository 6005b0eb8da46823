#define _GNU_SOURCE
#include "CAllocations.h"

#include <malloc.h>
#include <stddef.h>

static _Thread_local uint64_t count;

uint64_t wh_allocation_count(void) { return count; }

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)

bool wh_counts_allocations(void) { return false; }

#else

bool wh_counts_allocations(void) { return true; }

// glibc's own names of what is replaced here for the whole program. See malloc(3).
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t members, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
  count++;
  return __libc_malloc(size);
}

void *calloc(size_t members, size_t size) {
  count++;
  return __libc_calloc(members, size);
}

void *realloc(void *old, size_t size) {
  count++;
  return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count++;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  count++;
  *result = __libc_memalign(alignment, size);
  return *result ? 0 : 12;  // ENOMEM
}

#endif
