/// zlib, loaded when somebody asks for it. No logic lives here.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

// Every function that is called. See zlib.h.
#define WH_ZLIB_FUNCTIONS(FUNCTION) \
  FUNCTION(deflate)                 \
  FUNCTION(deflateBound)            \
  FUNCTION(deflateEnd)              \
  FUNCTION(deflateInit2_)

#define WH_ZLIB_MEMBER(name) __typeof__(&name) _Nonnull name;
/// The functions, under their own names.
struct wh_zlib {
  WH_ZLIB_FUNCTIONS(WH_ZLIB_MEMBER)
};
#undef WH_ZLIB_MEMBER

/// The library, loaded by the first call; it stays. Any thread. NULL when it is not to be had, with a reason that lives
/// until the thread's next call. See dlopen(3).
const struct wh_zlib *_Nullable wh_zlib_load(const char *_Nullable *_Nonnull reason);

/// deflateInit2, a macro: ready to write one gzip file (RFC 1952) at the usual level. Returns Z_OK, or what failed.
static inline int wh_zlib_begin_gzip(const struct wh_zlib *_Nonnull zlib, z_stream *_Nonnull stream) {
  // 16 above the largest window makes it gzip instead of zlib's own form.
  return zlib->deflateInit2_(
      stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, (int)sizeof *stream);
}
