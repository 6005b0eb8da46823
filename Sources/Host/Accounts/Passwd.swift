/// The users that a passwd file names, in its order. See passwd(5).
///
/// Only what the file says: users that a network service knows are not in it. Names are bytes as found.
public struct Passwd: Equatable, Sendable {
  public struct Entry: Equatable, Sendable {
    public let name: [UInt8]
    public let uid: UInt32
    public let gid: UInt32
    public let home: [UInt8]
    public let shell: [UInt8]
  }

  /// Where the file lies on a host.
  public static let path = "/etc/passwd"
  /// Bytes to read of it at most: some hosts list every user of a large site.
  public static let limit = 8 << 20

  /// Several may have one uid; the first is the one the C library answers with.
  public let entries: [Entry]
  /// Lines that could not be understood.
  public let malformedLineCount: Int

  /// Takes what it can: a line that is wrong does not hide the others.
  public init(parsing bytes: Span<UInt8>) {
    var entries: [Entry] = []
    malformedLineCount = AccountLines.forEach(in: bytes, fields: 7) { fields in
      guard fields.count == 7, !fields[0].isEmpty, let uid = AccountLines.id(fields[2], in: bytes),
        let gid = AccountLines.id(fields[3], in: bytes)
      else { return false }
      entries.append(
        Entry(
          name: bytes.copy(fields[0]), uid: uid, gid: gid, home: bytes.copy(fields[5]),
          shell: bytes.copy(fields[6])))
      return true
    }
    self.entries = entries
  }
}
