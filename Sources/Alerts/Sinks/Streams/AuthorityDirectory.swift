import System
import SystemPackage

/// A directory with the certificates of authorities, a file each.
///
/// A host that trusts a hundred and forty of them has them in one file, too, which would stay in memory with the
/// connection: 0.8 MB. See openssl-rehash(1).
struct AuthorityDirectory {
  private let path: FilePath

  init(_ path: String) { self.path = FilePath(path) }

  /// Whether OpenSSL finds the one that it needs, by the hash of its name.
  var isIndexed: Bool {
    let names = try? Directory.names(in: path)
    return names?.contains { name in
      name.hasSuffix(".0") && name.utf8.count == 10 && UInt32(name.prefix(8), radix: 16) != nil
    } ?? false
  }
}
