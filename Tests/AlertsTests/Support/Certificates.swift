import SystemPackage
import Testing

/// An authority and certificates of its own, made by openssl in a directory that goes with this object.
final class Certificates {
  static var canBeMade: Bool { FilePath("/usr/bin/openssl").isThere }

  private let directory: TemporaryDirectory
  private let authority: String

  /// - Parameter authority: tells one authority from another.
  init(authority: String = "authority") throws {
    directory = try TemporaryDirectory()
    self.authority = authority
    try openssl(
      ["req", "-x509"] + newKey(authority) + ["-days", "2", "-out", path("\(authority).pem")],
      "/CN=\(authority)")
  }

  /// Where the authority's own certificate is.
  var authorityFile: String { path("\(authority).pem") }

  /// A certificate that the authority signed, and its key.
  /// - Parameters:
  ///   - names: such as `DNS:localhost` and `IP:127.0.0.1`.
  ///   - days: 0 makes one that expires at once.
  func certificate(named name: String, for names: [String], days: Int = 2) throws -> (
    file: String, key: String
  ) {
    let (file, key, request) = (path("\(name).pem"), path("\(name).key"), path("\(name).csr"))
    try openssl(["req"] + newKey(name) + ["-out", request], "/CN=\(name)")
    let extensions = try directory.write(
      "subjectAltName=\(names.joined(separator: ","))\n", to: "\(name).ext")
    try openssl([
      "x509", "-req", "-in", request, "-CA", authorityFile, "-CAkey", path("\(authority).key"),
      "-CAcreateserial",
      "-days", "\(days)", "-extfile", extensions, "-out", file,
    ])
    return (file, key)
  }

  /// A copy of a key with a passphrase.
  func locked(_ key: String) throws -> String {
    try openssl(["ec", "-in", key, "-aes128", "-passout", "pass:secret", "-out", key + ".locked"])
    return key + ".locked"
  }

  private func newKey(_ name: String) -> [String] {
    ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path("\(name).key")]
  }

  private func path(_ name: String) -> String { directory.path.appending(name).string }

  private func openssl(_ arguments: [String], _ subject: String? = nil) throws {
    let outcome = try Program("/usr/bin/openssl", arguments + (subject.map { ["-subj", $0] } ?? [])).finish()
    try #require(outcome.status == 0, "\(outcome.errors)")
  }
}

extension FilePath {
  fileprivate var isThere: Bool {
    guard let file = try? FileDescriptor.open(self, .readOnly) else { return false }
    return (try? file.close()) != nil
  }
}
