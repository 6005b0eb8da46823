// Unsafe: OpenSSL's digest functions, on a context that this type owns.
import Cssl

/// One SHA-256 being computed by the distribution's OpenSSL. One thread uses it. See EVP_DigestInit(3).
@safe
struct SHA256Digest: ~Copyable {
  static let byteCount = 32

  private let functions: UnsafePointer<wh_ssl>
  private let context: OpaquePointer
  private var isWhole = true

  /// Loads the library, the first time. `nil` when it is not to be had.
  init?() {
    var reason: UnsafePointer<CChar>?
    // SAFETY: the library stays loaded; the reason is not used.
    guard let functions = unsafe wh_ssl_load(&reason),
      let context = unsafe functions.pointee.EVP_MD_CTX_new()
    else { return nil }
    unsafe (self.functions, self.context) = (functions, context)
    isWhole = unsafe functions.pointee.EVP_DigestInit_ex(context, functions.pointee.EVP_sha256(), nil) == 1
  }

  // SAFETY: the context is this value's own.
  deinit { unsafe functions.pointee.EVP_MD_CTX_free(context) }

  mutating func update(_ bytes: Span<UInt8>) {
    // SAFETY: the span lives for the call, which reads it only.
    let result = unsafe bytes.withUnsafeBytes { buffer in
      unsafe functions.pointee.EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
    }
    isWhole = isWhole && result == 1
  }

  /// The digest as 64 hexadecimal digits; `nil` when OpenSSL failed.
  mutating func finish() -> [UInt8]? {
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    var count: UInt32 = 0
    // SAFETY: SHA-256 writes 32 bytes, as many as there are.
    let result = unsafe functions.pointee.EVP_DigestFinal_ex(context, &digest, &count)
    guard isWhole, result == 1, count == Self.byteCount else { return nil }
    let digits = Array("0123456789abcdef".utf8)
    return digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }
}
