// Unsafe: OpenSSL's functions and objects, behind pointers that this type owns; texts and buffers live for the calls.

import Cssl
import Glibc
import System
import SystemPackage

/// One TLS connection of OpenSSL's, without a wait: each step is done, or says what it needs.
///
/// One thread at a time: OpenSSL notes errors per thread. See ssl(7).
@safe final class TLSSession {
  /// What a step that did not succeed wants.
  enum Need {
    case input, output
    /// The other end has ended the connection, as the protocol has it.
    case ended
    /// The other end has ended the connection, or the network did, without a word.
    case broken(String)
    /// What came is not TLS.
    case foreign(String)
    case failed(String)
  }

  private let functions: UnsafePointer<wh_ssl>
  private let connection: OpaquePointer
  private let options: TLSOptions
  private let name: String
  /// Of the last step that failed.
  private var lastError = Errno(rawValue: 0)

  /// Loads the library, the first time, and prepares a connection.
  /// - Parameters:
  ///   - descriptor: a connected socket that does not wait; it stays the caller's, who keeps it open.
  ///   - name: the name or address that the receiver's certificate must have.
  init(_ options: TLSOptions, descriptor: FileDescriptor, name: String) throws(StreamFailure) {
    let functions = try unsafe SinkLibrary.ssl()
    unsafe self.functions = functions
    (self.options, self.name) = (options, name)
    let context = try unsafe Self.context(options, functions)
    // SAFETY: both objects are new, and owned here; the connection holds the context on its own.
    defer { unsafe functions.pointee.SSL_CTX_free(context) }
    guard let connection = unsafe functions.pointee.SSL_new(context) else {
      throw unsafe Self.failure("connection", functions)
    }
    unsafe self.connection = connection
    try prepare(descriptor, name)
  }

  // SAFETY: the connection is this object's own.
  deinit { unsafe functions.pointee.SSL_free(connection) }

  // MARK: - Steps; each gives a number above 0, or `need` tells why not

  func connect() -> Int32 {
    // SAFETY: the connection is this object's own.
    step { unsafe functions.pointee.SSL_connect(connection) }
  }

  /// - Returns: how many bytes were taken.
  func write(_ bytes: Span<UInt8>) -> Int32 {
    // SAFETY: the span lives for the call, which reads it only.
    unsafe bytes.withUnsafeBytes { buffer in
      step {
        unsafe functions.pointee.SSL_write(connection, buffer.baseAddress, Int32(clamping: buffer.count))
      }
    }
  }

  /// Reads something.
  func read() -> (count: Int32, bytes: [UInt8]) {
    var buffer = [UInt8](repeating: 0, count: 4096)
    // SAFETY: the buffer is lent for the call, which writes no more than its count.
    let count = unsafe buffer.withUnsafeMutableBytes { room in
      step { unsafe functions.pointee.SSL_read(connection, room.baseAddress, Int32(clamping: room.count)) }
    }
    return (count, Array(buffer.prefix(Int(max(0, count)))))
  }

  /// Tells the other end that nothing more comes. Whether that could be sent makes no difference to anybody.
  func shutdown() {
    // SAFETY: the connection is this object's own.
    _ = step { unsafe functions.pointee.SSL_shutdown(connection) }
  }

  /// What the last step wants. Called at once after it, on the same thread.
  func need(after result: Int32) -> Need {
    // SAFETY: the connection is this object's own.
    switch unsafe functions.pointee.SSL_get_error(connection, result) {
    case SSL_ERROR_WANT_READ: return .input
    case SSL_ERROR_WANT_WRITE: return .output
    case SSL_ERROR_ZERO_RETURN: return .ended
    case SSL_ERROR_SYSCALL:
      return .broken(lastError.rawValue == 0 ? "the connection broke" : "\(lastError)")
    default:
      let (text, reason) = unsafe Self.queuedError(functions)
      if let verifyFailure { return .failed(verifyFailure) }
      switch reason {
      case SSL_R_UNEXPECTED_EOF_WHILE_READING: return .broken(text)
      case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_PACKET_LENGTH_TOO_LONG:
        return .foreign(text)
      case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
        return .failed(text + Self.certificateHint(options))
      default: return .failed(text)
      }
    }
  }

  /// What to do about a receiver that hangs up on those whom it does not know.
  static func certificateHint(_ options: TLSOptions) -> String {
    options.certificateFile.isEmpty ? " (the receiver may want a certificate: set tls.certificate_file)" : ""
  }

  private func step(_ body: () -> Int32) -> Int32 {
    // SAFETY: it takes nothing.
    unsafe functions.pointee.ERR_clear_error()
    errno = 0
    let result = body()
    if result <= 0 { lastError = Errno(rawValue: errno) }
    return result
  }

  /// Why the receiver's certificate is not trusted, if that is what failed.
  private var verifyFailure: String? {
    // SAFETY: the connection is this object's own; the text is a constant of the library.
    let result = unsafe functions.pointee.SSL_get_verify_result(connection)
    guard result != Int(X509_V_OK) else { return nil }
    guard let text = unsafe functions.pointee.X509_verify_cert_error_string(result) else { return nil }
    return "the receiver's certificate: \(unsafe String(cString: text))\(cure(Int32(clamping: result)))"
  }

  /// What an operator can do about a certificate that is not trusted.
  private func cure(_ result: Int32) -> String {
    switch result {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
      X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      let trusted = options.authorityFile.isEmpty ? "that the host trusts" : "in \(options.authorityFile)"
      return ": not signed by an authority \(trusted); set tls.ca_file"
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      // SAFETY: the connection is this object's own.
      let others = unsafe CertificateNames.text(of: connection, functions).map { "for \($0), " } ?? ""
      return ": it is \(others)not for \(name); set tls.server_name to a name that it is for"
    default: return ""
    }
  }

  // MARK: - Making it

  private func prepare(_ descriptor: FileDescriptor, _ name: String) throws(StreamFailure) {
    // SAFETY: the connection is this object's own; the name is a C string for the calls, which copy it.
    guard unsafe functions.pointee.SSL_set_fd(connection, descriptor.rawValue) == 1 else {
      throw unsafe Self.failure("socket", functions)
    }
    unsafe wh_ssl_allow_partial_writes(functions, connection)
    unsafe functions.pointee.SSL_set_hostflags(connection, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
    let parameters = unsafe functions.pointee.SSL_get0_param(connection)
    if unsafe functions.pointee.X509_VERIFY_PARAM_set1_ip_asc(parameters, name) == 1 { return }
    unsafe functions.pointee.ERR_clear_error()
    guard unsafe functions.pointee.SSL_set1_host(connection, name) == 1,
      unsafe wh_ssl_ask_for(functions, connection, name) == 1
    else { throw unsafe Self.failure(name, functions) }
  }

  /// Settings for connections, which the caller frees.
  private static func context(
    _ options: TLSOptions, _ functions: UnsafePointer<wh_ssl>
  ) throws(StreamFailure) -> OpaquePointer {
    // SAFETY: a new object, freed here when it cannot be used; the paths are C strings for the calls.
    let ssl = unsafe functions.pointee
    ssl.ERR_clear_error()
    guard let context = unsafe ssl.SSL_CTX_new(ssl.TLS_client_method()) else {
      throw unsafe failure("settings", functions)
    }
    do throws(StreamFailure) {
      guard unsafe wh_ssl_require_tls12(functions, context) == 1 else {
        throw unsafe failure("TLS 1.2", functions)
      }
      unsafe wh_ssl_refuse_passphrases(functions, context)
      unsafe ssl.SSL_CTX_set_verify(context, options.verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
      let hasAuthorities =
        options.authorityFile.isEmpty
        ? unsafe trustHost(context, functions)
        : unsafe ssl.SSL_CTX_load_verify_locations(context, options.authorityFile, nil)
      guard hasAuthorities == 1 else { throw unsafe failure(options.authorityFile, functions) }
      guard !options.certificateFile.isEmpty else { return unsafe context }
      guard unsafe ssl.SSL_CTX_use_certificate_chain_file(context, options.certificateFile) == 1 else {
        throw unsafe failure(options.certificateFile, functions)
      }
      guard unsafe ssl.SSL_CTX_use_PrivateKey_file(context, options.keyFile, SSL_FILETYPE_PEM) == 1,
        unsafe ssl.SSL_CTX_check_private_key(context) == 1
      else { throw unsafe failure(options.keyFile, functions) }
      return unsafe context
    } catch {
      unsafe ssl.SSL_CTX_free(context)
      throw error
    }
  }

  /// Trusts whom the host trusts.
  /// - Returns: 1 when that could be had.
  private static func trustHost(_ context: OpaquePointer, _ functions: UnsafePointer<wh_ssl>) -> Int32 {
    // SAFETY: the caller's context; the directory's name is a constant of the library.
    let ssl = unsafe functions.pointee
    let directory = unsafe ssl.X509_get_default_cert_dir().map { unsafe String(cString: $0) }
    let isDefault = ["SSL_CERT_FILE", "SSL_CERT_DIR"].allSatisfy { Environment.value(of: $0) == nil }
    guard isDefault, let directory, AuthorityDirectory(directory).isIndexed else {
      return unsafe ssl.SSL_CTX_set_default_verify_paths(context)
    }
    return unsafe ssl.SSL_CTX_set_default_verify_dir(context)
  }

  private static func failure(_ what: String, _ functions: UnsafePointer<wh_ssl>) -> StreamFailure {
    StreamFailure("TLS: \(what): \(unsafe queuedError(functions).text)")
  }

  /// The first error that the library has noted on this thread, in words, and as libssl's number for it, if it is one of
  /// those; the others are forgotten.
  private static func queuedError(_ functions: UnsafePointer<wh_ssl>) -> (text: String, reason: Int32) {
    // SAFETY: the text is a constant of the library.
    let code = unsafe functions.pointee.ERR_get_error()
    defer { unsafe functions.pointee.ERR_clear_error() }
    guard code != 0 else { return ("unknown error", 0) }
    let system = wh_ssl_errno(code)
    guard system == 0 else { return ("\(Errno(rawValue: system))", 0) }
    let reason = wh_ssl_reason(code)
    guard let text = unsafe functions.pointee.ERR_reason_error_string(code) else {
      return ("error \(code)", reason)
    }
    return (unsafe String(cString: text), reason)
  }
}
