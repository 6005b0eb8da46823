// Unsafe: libraries that are loaded once and stay, and the C strings that say why one is not to be had.

import Ccurl
import Cssl
import Cz

/// Libraries of the distribution that are loaded when a sink asks for them: an agent without such a sink has no use for
/// them. Any thread.
enum SinkLibrary: CaseIterable {
  case ssl, curl, zlib

  /// What stands in an error: what needs it, and the packages that have it.
  private var hint: String {
    switch self {
    case .ssl: "TLS needs OpenSSL 3 (package libssl3, openssl-libs or libopenssl3)"
    case .curl: "HTTP needs libcurl (package libcurl4 or libcurl)"
    case .zlib: "compress_uploads needs zlib (package zlib1g, zlib or libz1)"
    }
  }

  static func ssl() throws(StreamFailure) -> UnsafePointer<wh_ssl> {
    try unsafe SinkLibrary.ssl.load { unsafe wh_ssl_load(&$0) }
  }

  static func curl() throws(StreamFailure) -> UnsafePointer<wh_curl> {
    // libcurl would have OpenSSL tear itself down at the exit; who loads it first decides.
    var reason: UnsafePointer<CChar>?
    // SAFETY: as in `load`; a libcurl that came with another library for TLS is as good.
    _ = unsafe wh_ssl_load(&reason)
    return try unsafe SinkLibrary.curl.load { unsafe wh_curl_load(&$0) }
  }

  static func zlib() throws(StreamFailure) -> UnsafePointer<wh_zlib> {
    try unsafe SinkLibrary.zlib.load { unsafe wh_zlib_load(&$0) }
  }

  /// - Throws: when it is not to be had, with the package that has it.
  func load() throws(StreamFailure) {
    switch self {
    case .ssl: _ = try unsafe Self.ssl()
    case .curl: _ = try unsafe Self.curl()
    case .zlib: _ = try unsafe Self.zlib()
    }
  }

  private func load<Functions>(
    _ body: (inout UnsafePointer<CChar>?) -> UnsafePointer<Functions>?
  ) throws(StreamFailure) -> UnsafePointer<Functions> {
    var reason: UnsafePointer<CChar>?
    // SAFETY: the reason is a C string that lives until the thread's next call; the functions stay for ever.
    guard let functions = unsafe body(&reason) else {
      let detail = unsafe reason.map { unsafe String(cString: $0) } ?? "it cannot be loaded"
      throw StreamFailure("\(hint): \(detail)")
    }
    return unsafe functions
  }
}

extension SinkSettings {
  /// What the sink cannot do without.
  var libraries: [SinkLibrary] {
    switch self {
    case .stdout, .file, .syslog, .journald, .udp, .tcp, .relp(_, nil): []
    case .tls, .relp: [.ssl]
    case .http(let options): options.compressesBodies ? [.curl, .zlib] : [.curl]
    }
  }

  /// Why the sink cannot work on this host, until somebody installs what it needs; `nil` when it can. Loads the libraries
  /// that it needs. Any thread.
  public var missingLibrary: String? {
    for library in libraries {
      do throws(StreamFailure) { try library.load() } catch { return error.description }
    }
    return nil
  }
}
