/// Counts what a thread allocates, for tests that say that something allocates nothing.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// Whether allocations are counted: not where a sanitizer has the allocator.
bool wh_counts_allocations(void);
/// Calls of malloc(3) and its like by the calling thread so far.
uint64_t wh_allocation_count(void);
