#pragma once

/// Gives every whole page of the heap that is free back to the kernel. Returns whether there was any. See
/// malloc_trim(3); with another C library than glibc it does nothing.
int wh_trim_heap(void);
