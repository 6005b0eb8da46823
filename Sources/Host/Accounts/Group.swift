/// The groups that a group file names, in its order. See group(5).
///
/// Only what the file says, as with `Passwd`; members by primary group stand in passwd alone.
public struct Group: Equatable, Sendable {
  public struct Entry: Equatable, Sendable {
    public let name: [UInt8]
    public let gid: UInt32
    public let members: [[UInt8]]
  }

  /// Where the file lies on a host.
  public static let path = "/etc/group"
  /// Bytes to read of it at most.
  public static let limit = 8 << 20

  /// Several may have one gid; the first is the one the C library answers with.
  public let entries: [Entry]
  /// Lines that could not be understood.
  public let malformedLineCount: Int

  /// Takes what it can: a line that is wrong does not hide the others.
  public init(parsing bytes: Span<UInt8>) {
    var entries: [Entry] = []
    malformedLineCount = AccountLines.forEach(in: bytes, fields: 4) { fields in
      guard fields.count >= 3, !fields[0].isEmpty, let gid = AccountLines.id(fields[2], in: bytes) else {
        return false
      }
      let members = fields.count == 4 ? Self.members(fields[3], in: bytes) : []
      entries.append(Entry(name: bytes.copy(fields[0]), gid: gid, members: members))
      return true
    }
    self.entries = entries
  }

  private static func members(_ field: Range<Int>, in bytes: Span<UInt8>) -> [[UInt8]] {
    var members: [[UInt8]] = []
    var start = field.lowerBound
    while start < field.upperBound {
      let end = bytes.firstIndex(of: UInt8(ascii: ","), from: start, to: field.upperBound) ?? field.upperBound
      if start < end { members.append(bytes.copy(start..<end)) }
      start = end + 1
    }
    return members
  }
}
