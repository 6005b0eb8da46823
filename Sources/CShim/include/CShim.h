/// C faces of two C++ libraries: libre2 (regular expressions in linear time) and simdjson (event captures); and of
/// pthread_attr_t, which Swift finds in no module.
/// No logic lives here; every function says which library call it stands for.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled `re2::RE2`. Any thread may match with it.
typedef struct wh_regex wh_regex;

/// `RE2::RE2` with POSIX syntax, the limits of the library, and no logging.
/// - Returns: NULL when the pattern is wrong; `error` then holds the library's reason, NUL-terminated.
wh_regex *wh_regex_new(const uint8_t *pattern, size_t count, char *error, size_t error_capacity);
/// `RE2::FullMatch`. Bytes that are not UTF-8 match nothing but a literal of themselves: sanitise first.
bool wh_regex_matches_whole(const wh_regex *regex, const uint8_t *text, size_t count);
void wh_regex_delete(wh_regex *regex);

/// A `simdjson::dom::parser` and a cursor over the object of its last document. One thread at a time.
typedef struct wh_json wh_json;

typedef enum wh_json_kind : uint8_t {
  WH_JSON_NULL,
  WH_JSON_BOOL,
  WH_JSON_SIGNED,
  WH_JSON_UNSIGNED,
  WH_JSON_DOUBLE,
  WH_JSON_TEXT,
  WH_JSON_ARRAY,
  WH_JSON_OBJECT,
} wh_json_kind;

/// One value; text lives in the parser until the next document.
typedef struct wh_json_value {
  wh_json_kind kind;
  /// The member's name; empty in arrays.
  const char *name;
  size_t name_count;
  /// Of WH_JSON_TEXT.
  const char *text;
  size_t text_count;
  /// Of WH_JSON_BOOL (0 or 1), WH_JSON_SIGNED and WH_JSON_UNSIGNED: the bits of the number.
  uint64_t bits;
  /// Of WH_JSON_DOUBLE.
  double number;
} wh_json_value;

wh_json *wh_json_new(void);
void wh_json_delete(wh_json *json);
/// `dom::parser::parse` of one document, which must be an object.
/// - Returns: NULL when it is, else the library's reason: a string that is never freed.
const char *wh_json_parse(wh_json *json, const uint8_t *bytes, size_t count);
/// The next member of the object.
/// - Returns: false when there is none.
bool wh_json_next_member(wh_json *json, wh_json_value *value);
/// The next element of the array that `wh_json_next_member` gave last.
/// - Returns: false when there is none.
bool wh_json_next_element(wh_json *json, wh_json_value *value);

/// `pthread_create` with `pthread_attr_setstacksize`, and `pthread_join`.
/// - Returns: false when there is no thread to be had; `body` was not called then.
bool wh_run_on_stack(size_t bytes, void (*body)(void *context), void *context);

#ifdef __cplusplus
}
#endif
