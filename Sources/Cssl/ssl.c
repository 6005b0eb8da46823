#include "Cssl.h"

#include <dlfcn.h>
#include <pthread.h>

#define TEXT(value) #value
#define VALUE_TEXT(value) TEXT(value)
#if OPENSSL_VERSION_MAJOR >= 3
#define LIBRARY "libssl.so." VALUE_TEXT(OPENSSL_SHLIB_VERSION)
#else
#error "OpenSSL 3 or newer is needed"
#endif

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct wh_ssl functions;
static int is_loaded;

static int load(const char **reason) {
  void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
#define RESOLVE(name)                                                       \
  if (library) {                                                            \
    *(void **)(void *)&functions.name = dlsym(library, #name);              \
    if (!functions.name) library = NULL;                                    \
  }
  WH_SSL_FUNCTIONS(RESOLVE)
  if (!library) *reason = dlerror();
  // Else OpenSSL would tear down at exit what a thread may be using.
  if (library) functions.OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, NULL);
  return library != NULL;
}

static int no_passphrase(char *buffer, int size, int is_writing, void *data) {
  (void)buffer, (void)size, (void)is_writing, (void)data;
  return -1;
}

void wh_ssl_refuse_passphrases(const struct wh_ssl *ssl, SSL_CTX *context) {
  ssl->SSL_CTX_set_default_passwd_cb(context, no_passphrase);
}

const struct wh_ssl *wh_ssl_load(const char **reason) {
  pthread_mutex_lock(&lock);
  if (!is_loaded) is_loaded = load(reason);
  pthread_mutex_unlock(&lock);
  return is_loaded ? &functions : NULL;
}
