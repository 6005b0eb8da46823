#include "Cssl.h"

#include <Cdl.h>

#define TEXT(value) #value
#define VALUE_TEXT(value) TEXT(value)
#if OPENSSL_VERSION_MAJOR >= 3
#define LIBRARY "libssl.so." VALUE_TEXT(OPENSSL_SHLIB_VERSION)
#else
#error "OpenSSL 3 or newer is needed"
#endif

static struct wh_ssl functions;

static int prepare(const char **reason) {
  (void)reason;
  // Else OpenSSL would tear down at exit what a thread may be using.
  functions.OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, NULL);
  return 1;
}

WH_LIBRARY(ssl, LIBRARY, WH_SSL_FUNCTIONS, functions, prepare);

const struct wh_ssl *wh_ssl_load(const char **reason) {
  return wh_library_load(&ssl, reason) ? &functions : NULL;
}

static int no_passphrase(char *buffer, int size, int is_writing, void *data) {
  (void)buffer, (void)size, (void)is_writing, (void)data;
  return -1;
}

void wh_ssl_refuse_passphrases(const struct wh_ssl *ssl, SSL_CTX *context) {
  ssl->SSL_CTX_set_default_passwd_cb(context, no_passphrase);
}
