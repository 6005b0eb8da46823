import Glibc
import System
import SystemPackage

/// A secret in a file, read again when the file changes. Used on one sink's thread.
struct TokenFile {
  private let path: FilePath
  private var identity: [Int64] = []
  private var token = ""

  /// Longer than any token.
  private static let byteLimit = 16 << 10

  init(path: String) { self.path = FilePath(path) }

  /// The token as it is now.
  /// - Throws: when the file cannot be read, can be written by others than its owner, or holds no token.
  mutating func current() throws(StreamFailure) -> String {
    do {
      // A pipe must not keep the sink waiting.
      let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .nonBlocking])
      defer { try? file.close() }
      let status = try file.stat()
      guard status.type == .regular else { throw StreamFailure("it is no regular file") }
      guard status.permissions.intersection([.groupWrite, .otherWrite]).isEmpty else {
        throw StreamFailure("others than its owner may write it; run: chmod go-w")
      }
      let now = [
        Int64(truncatingIfNeeded: status.inode.rawValue), Int64(status.size),
        Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec),
      ]
      if now != identity {
        token = try Self.token(in: try file.bytes(at: 0, count: Self.byteLimit + 1))
        identity = now
      }
      return token
    } catch {
      throw StreamFailure("the token in \(path): \(error)")
    }
  }

  /// Without the line end behind it. Anything that could end a header has no place in one.
  private static func token(in bytes: [UInt8]) throws -> String {
    let trimmed = bytes.split { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    guard trimmed.count == 1, let word = trimmed.first, bytes.count <= byteLimit,
      word.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw StreamFailure("it must hold one word of printable ASCII") }
    return String(decoding: word, as: UTF8.self)
  }
}
