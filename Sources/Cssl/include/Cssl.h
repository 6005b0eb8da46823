/// OpenSSL's libssl and libcrypto, loaded when somebody asks for them: an agent that has no use for TLS does not map them.
/// No logic lives here.
#pragma once
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

// Every function that is called.
#define WH_SSL_FUNCTIONS(FUNCTION)             \
  FUNCTION(ASN1_STRING_get0_data)              \
  FUNCTION(ASN1_STRING_length)                 \
  FUNCTION(ERR_clear_error)                    \
  FUNCTION(ERR_get_error)                      \
  FUNCTION(ERR_reason_error_string)            \
  FUNCTION(EVP_DigestFinal_ex)                 \
  FUNCTION(EVP_DigestInit_ex)                  \
  FUNCTION(EVP_DigestUpdate)                   \
  FUNCTION(EVP_MD_CTX_free)                    \
  FUNCTION(EVP_MD_CTX_new)                     \
  FUNCTION(EVP_sha256)                         \
  FUNCTION(GENERAL_NAMES_free)                 \
  FUNCTION(GENERAL_NAME_get0_value)            \
  FUNCTION(OPENSSL_init_ssl)                   \
  FUNCTION(OPENSSL_sk_num)                     \
  FUNCTION(OPENSSL_sk_value)                   \
  FUNCTION(SSL_CTX_check_private_key)          \
  FUNCTION(SSL_CTX_ctrl)                       \
  FUNCTION(SSL_CTX_free)                       \
  FUNCTION(SSL_CTX_load_verify_locations)      \
  FUNCTION(SSL_CTX_new)                        \
  FUNCTION(SSL_CTX_set_default_passwd_cb)      \
  FUNCTION(SSL_CTX_set_default_verify_dir)     \
  FUNCTION(SSL_CTX_set_default_verify_paths)   \
  FUNCTION(SSL_CTX_set_verify)                 \
  FUNCTION(SSL_CTX_use_PrivateKey_file)        \
  FUNCTION(SSL_CTX_use_certificate_chain_file) \
  FUNCTION(SSL_connect)                        \
  FUNCTION(SSL_ctrl)                           \
  FUNCTION(SSL_free)                           \
  FUNCTION(SSL_get0_param)                     \
  FUNCTION(SSL_get_error)                      \
  FUNCTION(SSL_get_peer_cert_chain)            \
  FUNCTION(SSL_get_verify_result)              \
  FUNCTION(SSL_new)                            \
  FUNCTION(SSL_read)                           \
  FUNCTION(SSL_set1_host)                      \
  FUNCTION(SSL_set_fd)                         \
  FUNCTION(SSL_set_hostflags)                  \
  FUNCTION(SSL_shutdown)                       \
  FUNCTION(SSL_write)                          \
  FUNCTION(TLS_client_method)                  \
  FUNCTION(X509_VERIFY_PARAM_set1_ip_asc)      \
  FUNCTION(X509_get_default_cert_dir)          \
  FUNCTION(X509_get_ext_d2i)                   \
  FUNCTION(X509_verify_cert_error_string)

#define WH_SSL_MEMBER(name) __typeof__(&name) _Nonnull name;
/// The functions, under their own names.
struct wh_ssl {
  WH_SSL_FUNCTIONS(WH_SSL_MEMBER)
};
#undef WH_SSL_MEMBER

/// The libraries that this program was built for, loaded by the first call; they stay. Any thread. NULL when they are not
/// to be had, with a reason that lives until the thread's next call. See dlopen(3).
const struct wh_ssl *_Nullable wh_ssl_load(const char *_Nullable *_Nonnull reason);

/// A key with a passphrase is an error from here on; else OpenSSL would ask whoever sits at the terminal, and wait.
void wh_ssl_refuse_passphrases(const struct wh_ssl *_Nonnull ssl, SSL_CTX *_Nonnull context);

/// The errno that an error stands for; 0 when it is one of the library's own. ERR_SYSTEM_ERROR, a macro.
static inline int wh_ssl_errno(unsigned long code) { return ERR_SYSTEM_ERROR(code) ? ERR_GET_REASON(code) : 0; }

/// ERR_GET_REASON(3), a macro: the library's reason, one of `SSL_R_…` when libssl has noted the error; else 0.
static inline int wh_ssl_reason(unsigned long code) {
  return !ERR_SYSTEM_ERROR(code) && ERR_GET_LIB(code) == ERR_LIB_SSL ? ERR_GET_REASON(code) : 0;
}

/// SSL_CTX_set_min_proto_version(3), a macro. Returns 1, or 0.
static inline int wh_ssl_require_tls12(const struct wh_ssl *_Nonnull ssl, SSL_CTX *_Nonnull context) {
  return (int)ssl->SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, NULL);
}

/// SSL_set_tlsext_host_name(3), a macro: the name that the server is asked for. Returns 1, or 0.
static inline int wh_ssl_ask_for(const struct wh_ssl *_Nonnull ssl, SSL *_Nonnull connection, const char *_Nonnull name) {
  return (int)ssl->SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, (void *)name);
}

/// SSL_set_mode(3), a macro: a write may take a part, and go on from a copy of the rest; an idle connection keeps no
/// buffers, which would be 34 KiB.
static inline void wh_ssl_allow_partial_writes(const struct wh_ssl *_Nonnull ssl, SSL *_Nonnull connection) {
  const long mode = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS;
  ssl->SSL_ctrl(connection, SSL_CTRL_MODE, mode, NULL);
}
