extension ProcessFile {
  /// `/proc/PID/mountinfo`; see `MountInfo`. The mounts of the process's own mount namespace, as seen from its root
  /// directory. The kernel writes it record by record, and a container may have thousands: longer ones are cut, which
  /// the outcome of the read tells.
  public static var mountInfo: ProcessFile { ProcessFile("mountinfo", limit: 4 << 20, isOnePiece: false) }
}

/// The mounts of a process as `/proc/PID/mountinfo` tells them. See proc_pid_mountinfo(5).
///
/// Every path, source and option can have been chosen by whoever may mount, which in a user namespace is anyone. What
/// would tear a line apart is written as octal digits: compare and open only what `MountText` has unescaped. Places are
/// those in the bytes that are walked.
public enum MountInfo {
  /// Calls `body` with each line, in the file's order: of several mounts on one place the last is what a path finds.
  /// - Returns: whether all bytes were whole lines. What cannot be understood is passed over.
  @discardableResult
  public static func forEachLine(in bytes: Span<UInt8>, _ body: (MountLine) -> Void) -> Bool {
    var isWhole = true
    var start = 0
    while start < bytes.count {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) else { return false }
      if let line = MountLine(parsing: bytes, in: start..<end) { body(line) } else { isWhole = false }
      start = end + 1
    }
    return isWhole
  }

  /// The mount that is the process's root directory; `nil` when it is none, as after chroot(2) into a directory.
  public static func root(in bytes: Span<UInt8>) -> MountLine? {
    var root: MountLine?
    forEachLine(in: bytes) { line in
      if bytes.has("/", as: line.mountPoint) { root = line }
    }
    return root
  }
}

/// One line of `/proc/PID/mountinfo`: a mount.
public struct MountLine: Equatable, Sendable {
  /// The mount's id, unique while it lives; it comes back.
  public let id: Int32
  /// The id of the mount that it lies on; not among the lines when that lies outside the process's root.
  public let parentID: Int32
  /// The device number of files on it, as stat(2) tells it.
  public let device: (major: UInt32, minor: UInt32)
  /// Which directory of the file system is shown: `/` but for a bind mount. Ends in `//deleted` once removed.
  public let root: Range<Int>
  /// Where it is mounted, from the process's root directory.
  public let mountPoint: Range<Int>
  /// The mount's own options, joined by commas: `rw`, `nosuid` and the like.
  public let options: Range<Int>
  /// The number of the group among whose members mounts spread (`shared:N`).
  public let sharedGroup: Int32?
  /// The number of the group that mounts come from and do not go to (`master:N`).
  public let masterGroup: Int32?
  /// The type of the file system, as `overlay`, with its subtype: `fuse.sshfs`.
  public let fileSystem: Range<Int>
  /// What is mounted, as the one who mounted it wrote it: a device, or any word.
  public let source: Range<Int>
  /// The file system's options, joined by commas; see `MountText.option`.
  public let superOptions: Range<Int>

  /// - Returns: `nil` when the bytes of `range`, a line without its newline, are not such a line.
  init?(parsing bytes: Span<UInt8>, in range: Range<Int>) {
    var cursor = ByteCursor(range)
    guard let id = cursor.decimal(bytes, as: Int32.self), cursor.takes(UInt8(ascii: " "), in: bytes),
      let parentID = cursor.decimal(bytes, as: Int32.self), cursor.takes(UInt8(ascii: " "), in: bytes),
      let major = cursor.decimal(bytes, as: UInt32.self), cursor.takes(UInt8(ascii: ":"), in: bytes),
      let minor = cursor.decimal(bytes, as: UInt32.self), cursor.takes(UInt8(ascii: " "), in: bytes),
      let root = cursor.word(bytes), let mountPoint = cursor.word(bytes), let options = cursor.word(bytes),
      mountPoint.count > 0, bytes[mountPoint.lowerBound] == UInt8(ascii: "/")
    else { return nil }
    var groups = (shared: Int32?.none, master: Int32?.none)
    // Any number of words may stand here, of which newer kernels know more; a dash ends them.
    while true {
      guard let word = cursor.word(bytes) else { return nil }
      if bytes.has("-", as: word) { break }
      if let number = bytes.number(behind: "shared:", in: word) { groups.shared = number }
      if let number = bytes.number(behind: "master:", in: word) { groups.master = number }
    }
    guard let fileSystem = cursor.word(bytes), let source = cursor.word(bytes, mayBeEmpty: true) else {
      return nil
    }
    self.id = id
    self.parentID = parentID
    self.device = (major, minor)
    self.root = root
    self.mountPoint = mountPoint
    self.options = options
    sharedGroup = groups.shared
    masterGroup = groups.master
    self.fileSystem = fileSystem
    self.source = source
    superOptions = cursor.position..<range.upperBound
  }

  public static func == (left: MountLine, right: MountLine) -> Bool {
    left.id == right.id && left.parentID == right.parentID && left.device == right.device
      && left.root == right.root && left.mountPoint == right.mountPoint && left.options == right.options
      && left.sharedGroup == right.sharedGroup && left.masterGroup == right.masterGroup
      && left.fileSystem == right.fileSystem && left.source == right.source
      && left.superOptions == right.superOptions
  }
}

/// Text of `mountinfo`: the kernel writes blanks, newlines, backslashes and, in options, commas and equals signs as a
/// backslash and three octal digits.
public enum MountText {
  /// The bytes that stand for the text in `range`. A backslash that no octal number follows stays.
  public static func unescaped(_ range: Range<Int>, in bytes: Span<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      if let byte = octal(at: index, before: range.upperBound, in: bytes) {
        result.append(byte)
        index += 4
      } else {
        result.append(bytes[index])
        index += 1
      }
    }
    return result
  }

  /// Whether a word such as `nosuid` is among the options of `range`.
  public static func hasOption(_ name: StaticString, among range: Range<Int>, in bytes: Span<UInt8>) -> Bool {
    var found = false
    forEachOption(in: range, of: bytes) { key, value in
      if value == nil, bytes.has(name, as: key) { found = true }
    }
    return found
  }

  /// The value of an option such as `upperdir=…`, as it stands there; the first of several.
  public static func option(_ name: StaticString, among range: Range<Int>, in bytes: Span<UInt8>)
    -> Range<Int>?
  {
    var found: Range<Int>?
    forEachOption(in: range, of: bytes) { key, value in
      if found == nil, let value, bytes.has(name, as: key) { found = value }
    }
    return found
  }

  /// Calls `body` with each option's name and, behind an equals sign, value.
  public static func forEachOption(
    in range: Range<Int>, of bytes: Span<UInt8>, _ body: (_ name: Range<Int>, _ value: Range<Int>?) -> Void
  ) {
    var start = range.lowerBound
    while start < range.upperBound {
      let end = bytes.firstIndex(of: UInt8(ascii: ","), from: start, to: range.upperBound) ?? range.upperBound
      if let sign = bytes.firstIndex(of: UInt8(ascii: "="), from: start, to: end) {
        body(start..<sign, sign + 1..<end)
      } else {
        body(start..<end, nil)
      }
      start = end + 1
    }
  }

  private static func octal(at index: Int, before end: Int, in bytes: Span<UInt8>) -> UInt8? {
    guard index + 3 < end, bytes[index] == UInt8(ascii: "\\") else { return nil }
    var value = 0
    for offset in 1...3 {
      let digit = bytes[index + offset] &- UInt8(ascii: "0")
      guard digit < 8 else { return nil }
      value = value << 3 | Int(digit)
    }
    return UInt8(exactly: value)
  }
}

extension ByteCursor {
  /// Takes the bytes up to the next blank, and the blank; at the end of the bytes what is left.
  /// - Returns: `nil` when nothing is left, or when the word is empty and must not be.
  fileprivate mutating func word(_ bytes: Span<UInt8>, mayBeEmpty: Bool = false) -> Range<Int>? {
    guard !isAtEnd else { return nil }
    let start = position
    let stop = bytes.firstIndex(of: UInt8(ascii: " "), from: start, to: end) ?? end
    guard stop > start || mayBeEmpty else { return nil }
    self = ByteCursor(min(stop + 1, end), end)
    return start..<stop
  }
}

extension Span<UInt8> {
  /// The number behind a prefix in a word, which holds nothing else.
  fileprivate func number(behind prefix: StaticString, in word: Range<Int>) -> Int32? {
    guard word.count > prefix.utf8CodeUnitCount, has(prefix, at: word.lowerBound) else { return nil }
    var cursor = ByteCursor(word.lowerBound + prefix.utf8CodeUnitCount, word.upperBound)
    guard let number = cursor.decimal(self, as: Int32.self), cursor.isAtEnd else { return nil }
    return number
  }
}
