// Unsafe: a certificate of OpenSSL's and the names in it, which are copied before they are freed.

import Cssl
import Glibc

/// Whom the certificate of a connection's other end is for: what an operator wants to know when it is not the one that was
/// meant. See RFC 5280 §4.2.1.6.
enum CertificateNames {
  /// So many are told; some have hundreds.
  private static let limit = 5

  /// `siem.example, 10.0.0.1 and 3 more`, also of a certificate that was refused; `nil` when there is none, or no name in it.
  /// - Parameter connection: one of `functions`, whose handshake has come to the certificate.
  static func text(of connection: OpaquePointer, _ functions: UnsafePointer<wh_ssl>) -> String? {
    // SAFETY: the chain and its first certificate belong to the connection, which lives; the names are new, and freed here.
    let ssl = unsafe functions.pointee
    guard let chain = unsafe ssl.SSL_get_peer_cert_chain(connection),
      let certificate = unsafe ssl.OPENSSL_sk_value(chain, 0),
      let names = unsafe ssl.X509_get_ext_d2i(OpaquePointer(certificate), NID_subject_alt_name, nil, nil)
    else { return nil }
    let list = OpaquePointer(names)
    defer { unsafe ssl.GENERAL_NAMES_free(list) }
    let found = unsafe (0..<max(0, ssl.OPENSSL_sk_num(list))).compactMap { index in
      unsafe ssl.OPENSSL_sk_value(list, index).flatMap { unsafe name($0, ssl) }
    }
    guard !found.isEmpty else { return nil }
    let more = found.count > limit ? " and \(found.count - limit) more" : ""
    return found.prefix(limit).joined(separator: ", ") + more
  }

  /// A name or an address; `nil` of other kinds, which no receiver is looked for by.
  private static func name(_ name: UnsafeMutableRawPointer, _ ssl: wh_ssl) -> String? {
    var kind: Int32 = 0
    // SAFETY: the pointer is one of a list of general names; both kinds are strings of ASN.1 with their length, and copied.
    let general = unsafe name.assumingMemoryBound(to: GENERAL_NAME.self)
    guard let value = unsafe ssl.GENERAL_NAME_get0_value(general, &kind), kind == GEN_DNS || kind == GEN_IPADD
    else { return nil }
    let string = unsafe value.assumingMemoryBound(to: ASN1_STRING.self)
    let count = unsafe Int(max(0, ssl.ASN1_STRING_length(string)))
    guard let start = unsafe ssl.ASN1_STRING_get0_data(string) else { return nil }
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: min(count, 253)))
    return kind == GEN_DNS ? text(bytes) : address(bytes)
  }

  /// Whoever made the certificate chose the bytes.
  private static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.map { (0x21..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
  }

  private static func address(_ bytes: [UInt8]) -> String? {
    switch bytes.count {
    case 4: bytes.map(String.init).joined(separator: ".")
    case 16:
      stride(from: 0, to: 16, by: 2).map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
        .joined(separator: ":")
    default: nil
    }
  }
}
