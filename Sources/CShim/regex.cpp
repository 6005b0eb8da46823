#include "CShim.h"

#include <cstdio>
#include <memory>
#include <new>

#include <re2/re2.h>

struct wh_regex {
  RE2 pattern;
  wh_regex(const re2::StringPiece &text, const RE2::Options &options) : pattern(text, options) {}
};

namespace {
re2::StringPiece piece(const uint8_t *bytes, size_t count) {
  return re2::StringPiece(reinterpret_cast<const char *>(bytes), count);
}
}  // namespace

wh_regex *wh_regex_new(const uint8_t *pattern, size_t count, char *error, size_t error_capacity) {
  RE2::Options options(RE2::POSIX);
  options.set_log_errors(false);
  std::unique_ptr<wh_regex> regex(new (std::nothrow) wh_regex(piece(pattern, count), options));
  if (!regex) {
    std::snprintf(error, error_capacity, "out of memory");
    return nullptr;
  }
  if (!regex->pattern.ok()) {
    std::snprintf(error, error_capacity, "%s", regex->pattern.error().c_str());
    return nullptr;
  }
  return regex.release();
}

bool wh_regex_matches_whole(const wh_regex *regex, const uint8_t *text, size_t count) {
  return RE2::FullMatch(piece(text, count), regex->pattern);
}

void wh_regex_delete(wh_regex *regex) { delete regex; }
