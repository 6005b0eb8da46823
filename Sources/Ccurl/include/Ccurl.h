/// libcurl, loaded when somebody asks for it: an agent that posts nothing does not map it, nor the thirty libraries that
/// it needs. No logic lives here.
#pragma once
// Else a call through a pointer of the same name would be taken for the macro that checks its arguments.
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <stddef.h>
#include <stdint.h>

// Every function that is called. See libcurl(3).
#define WH_CURL_FUNCTIONS(FUNCTION) \
  FUNCTION(curl_easy_cleanup)       \
  FUNCTION(curl_easy_getinfo)       \
  FUNCTION(curl_easy_init)          \
  FUNCTION(curl_easy_perform)       \
  FUNCTION(curl_easy_setopt)        \
  FUNCTION(curl_easy_strerror)      \
  FUNCTION(curl_global_init)        \
  FUNCTION(curl_slist_append)       \
  FUNCTION(curl_slist_free_all)

#define WH_CURL_MEMBER(name) __typeof__(&name) _Nonnull name;
/// The functions, under their own names.
struct wh_curl {
  WH_CURL_FUNCTIONS(WH_CURL_MEMBER)
};
#undef WH_CURL_MEMBER

/// The beginning of an answer, and how long all of it was.
struct wh_curl_answer {
  uint8_t *_Nonnull bytes;
  size_t capacity;
  size_t count;
  size_t total;
  /// A longer answer is an error.
  size_t limit;
};

/// The library that this program was built for, loaded and initialised by the first call; it stays. Any thread. NULL when
/// it is not to be had, with a reason that lives until the thread's next call. See dlopen(3).
const struct wh_curl *_Nullable wh_curl_load(const char *_Nullable *_Nonnull reason);

/// curl_easy_setopt(3) is variadic: one function for each type of value.
CURLcode wh_curl_set_number(const struct wh_curl *_Nonnull curl, CURL *_Nonnull handle, CURLoption option, long value);
CURLcode wh_curl_set_text(
    const struct wh_curl *_Nonnull curl, CURL *_Nonnull handle, CURLoption option, const char *_Nonnull value);
CURLcode wh_curl_set_headers(
    const struct wh_curl *_Nonnull curl, CURL *_Nonnull handle, struct curl_slist *_Nullable headers);

/// The directory in which the library looks for authorities by their hashes, unless it is told another; NULL: none.
const char *_Nullable wh_curl_authority_directory(const struct wh_curl *_Nonnull curl, CURL *_Nonnull handle);

/// Has the library read no file with all authorities.
CURLcode wh_curl_skip_authority_file(const struct wh_curl *_Nonnull curl, CURL *_Nonnull handle);

/// Where what goes wrong is told, CURL_ERROR_SIZE bytes, and where answers are kept. Both must outlive the handle.
CURLcode wh_curl_keep(
    const struct wh_curl *_Nonnull curl, CURL *_Nonnull handle, char *_Nonnull error,
    struct wh_curl_answer *_Nonnull answer);

/// Posts a body, which must live for the call.
CURLcode wh_curl_post(
    const struct wh_curl *_Nonnull curl, CURL *_Nonnull handle, const uint8_t *_Nullable body, size_t count);

/// The status of the last answer; 0 without one.
long wh_curl_status(const struct wh_curl *_Nonnull curl, CURL *_Nonnull handle);
