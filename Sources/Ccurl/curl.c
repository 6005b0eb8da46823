#include "Ccurl.h"

#include <Cdl.h>
#include <string.h>

static struct wh_curl functions;

static int prepare(const char **reason) {
  if ((functions.curl_global_init)(CURL_GLOBAL_DEFAULT) == CURLE_OK) return 1;
  *reason = "libcurl cannot be initialised";
  return 0;
}

// Debian's name of the flavour that goes with OpenSSL; its number has not changed since 2006.
WH_LIBRARY(curl, "libcurl.so.4", WH_CURL_FUNCTIONS, functions, prepare);

const struct wh_curl *wh_curl_load(const char **reason) {
  return wh_library_load(&curl, reason) ? &functions : NULL;
}

CURLcode wh_curl_set_number(const struct wh_curl *curl, CURL *handle, CURLoption option, long value) {
  return (curl->curl_easy_setopt)(handle, option, value);
}

CURLcode wh_curl_set_text(const struct wh_curl *curl, CURL *handle, CURLoption option, const char *value) {
  return (curl->curl_easy_setopt)(handle, option, value);
}

CURLcode wh_curl_set_headers(const struct wh_curl *curl, CURL *handle, struct curl_slist *headers) {
  return (curl->curl_easy_setopt)(handle, CURLOPT_HTTPHEADER, headers);
}

const char *wh_curl_authority_directory(const struct wh_curl *curl, CURL *handle) {
  char *directory = NULL;
#if LIBCURL_VERSION_NUM >= 0x075400
  (curl->curl_easy_getinfo)(handle, CURLINFO_CAPATH, &directory);
#else
  (void)curl, (void)handle;
#endif
  return directory;
}

CURLcode wh_curl_skip_authority_file(const struct wh_curl *curl, CURL *handle) {
  return (curl->curl_easy_setopt)(handle, CURLOPT_CAINFO, NULL);
}

static size_t keep(char *data, size_t size, size_t count, void *context) {
  struct wh_curl_answer *answer = context;
  size_t room = answer->capacity - answer->count;
  size_t kept = size * count < room ? size * count : room;
  memcpy(answer->bytes + answer->count, data, kept);
  answer->count += kept;
  answer->total += size * count;
  return answer->total <= answer->limit ? size * count : 0;
}

CURLcode wh_curl_keep(
    const struct wh_curl *curl, CURL *handle, char *error, struct wh_curl_answer *answer) {
  CURLcode code = (curl->curl_easy_setopt)(handle, CURLOPT_ERRORBUFFER, error);
  if (code == CURLE_OK) code = (curl->curl_easy_setopt)(handle, CURLOPT_WRITEFUNCTION, keep);
  if (code == CURLE_OK) code = (curl->curl_easy_setopt)(handle, CURLOPT_WRITEDATA, answer);
  return code;
}

CURLcode wh_curl_post(const struct wh_curl *curl, CURL *handle, const uint8_t *body, size_t count) {
  CURLcode code = (curl->curl_easy_setopt)(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
  if (code == CURLE_OK) code = (curl->curl_easy_setopt)(handle, CURLOPT_POSTFIELDS, body);
  return code == CURLE_OK ? (curl->curl_easy_perform)(handle) : code;
}

long wh_curl_status(const struct wh_curl *curl, CURL *handle) {
  long status = 0;
  (curl->curl_easy_getinfo)(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}
