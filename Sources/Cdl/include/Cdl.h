/// Libraries that are loaded when somebody asks for them. No logic lives here.
#pragma once
#include <pthread.h>
#include <stddef.h>

/// One library, and where its functions go; `WH_LIBRARY` fills it in.
struct wh_library {
  /// As dlopen(3) takes it.
  const char *name;
  /// The names of the functions, and as many pointers to functions for them.
  const char *const *symbols;
  void *functions;
  size_t count;
  /// What is to be done once it is loaded, or NULL. Returns 0 with a reason when it is of no use.
  int (*prepare)(const char **reason);
  pthread_mutex_t lock;
  int is_loaded;
};

/// Loads it, the first time; it stays. Any thread. Returns 0 when it is not to be had, or lacks a function, with a reason
/// that lives until the thread's next call.
int wh_library_load(struct wh_library *library, const char **reason);

#define WH_LIBRARY_SYMBOL(name) #name,
/// Defines `library`, whose functions are `list` and go, in that order, into the members of `functions`.
#define WH_LIBRARY(library, file, list, table, ready)                                                        \
  static const char *const library##_symbols[] = {list(WH_LIBRARY_SYMBOL)};                                  \
  _Static_assert(sizeof library##_symbols == sizeof table, "a pointer for each function, and nothing else"); \
  static struct wh_library library = {                                                                       \
      .name = file,                                                                                          \
      .symbols = library##_symbols,                                                                          \
      .functions = &table,                                                                                   \
      .count = sizeof library##_symbols / sizeof *library##_symbols,                                         \
      .prepare = ready,                                                                                      \
      .lock = PTHREAD_MUTEX_INITIALIZER,                                                                     \
  }
