import SystemPackage

/// Reads kernel settings, one after the other. One thread uses it; nothing it reads can hold it up.
///
/// On the live host the file of a setting stays open from its first reading on, which makes the next ones a fourth of the
/// work; there no other file can come into its place but by a mount, which would only hide it.
public struct KernelSettingReader: ~Copyable {
  /// Bytes of a value that are kept; the longest, `core_pattern`, has 127.
  private static let valueLimit = 2048
  /// Registered interpreters that are read, and bytes of those that the value lists.
  private static let interpreterLimit = 1024
  private static let listLimit = 2048

  private let root: HostRoot
  private var buffer = ReadBuffer()
  private var names: [[UInt8]] = []
  private var kept: [String: KeptFile] = [:]

  public init(root: HostRoot) { self.root = root }

  /// Reads the value of a setting, without the line feed at its end.
  ///
  /// Of registered interpreters it is `name=interpreter`, sorted and joined by blanks, and then `hash=` with a number
  /// that stands for all that the kernel tells of all of them, their flags and patterns too; empty when there is none. The
  /// list may be cut, the hash counts what is cut off. It is keyed: a value is compared within one run of a program only.
  /// - Returns: how the read ended, and the value when there is one. Some settings only root itself may read.
  public mutating func read(_ setting: KernelSetting) -> (outcome: ReadOutcome, value: [UInt8]) {
    switch setting.content {
    case .value:
      let outcome = readValue(of: setting)
      return (outcome, outcome.isRead ? buffer.withBytes { Self.trimmed($0, 0..<$0.count) } : [])
    case .interpreters: return readInterpreters(setting.path)
    }
  }

  private mutating func readValue(of setting: KernelSetting) -> ReadOutcome {
    guard root.isLive else { return root.read(setting.path, limit: Self.valueLimit, into: &buffer) }
    if let file = kept[setting.path] {
      let outcome = file.read(limit: Self.valueLimit, into: &buffer)
      if outcome.isRead { return outcome }
      // Gone with its module, perhaps to come back as another.
      kept[setting.path] = nil
    }
    let file: KeptFile
    do throws(Errno) { file = try root.keep(setting.path) } catch {
      buffer.clear()
      return ReadOutcome(error)
    }
    let outcome = file.read(limit: Self.valueLimit, into: &buffer)
    if outcome.isRead { kept[setting.path] = file }
    return outcome
  }

  private mutating func readInterpreters(_ path: String) -> (ReadOutcome, [UInt8]) {
    // systemd mounts it when somebody opens it: until then none is registered.
    guard !root.isAutomount(path) else { return (.complete, []) }
    names.removeAll(keepingCapacity: true)
    let outcome = root.list(path, limit: Self.interpreterLimit + 2, into: &names)
    guard outcome.isRead else { return (outcome, []) }
    names.removeAll { $0.elementsEqual("register".utf8) || $0.elementsEqual("status".utf8) }
    names.sort { $0.lexicographicallyPrecedes($1) }
    var value: [UInt8] = []
    var hasher = Hasher()
    for name in names {
      hasher.combine(name)
      var entry = name
      // A name that is not text names no file that could be opened by it.
      if let text = String(validating: name, as: UTF8.self),
        root.read("\(path)/\(text)", limit: Self.valueLimit, into: &buffer).isRead
      {
        let content = buffer.withBytes { bytes in (0..<bytes.count).map { bytes[$0] } }
        hasher.combine(content)
        entry.append(UInt8(ascii: "="))
        entry += Self.interpreter(in: content.span)
      }
      if value.count + entry.count <= Self.listLimit { value += entry + [UInt8(ascii: " ")] }
    }
    if !names.isEmpty {
      value += Array("hash=\(String(UInt(bitPattern: hasher.finalize()), radix: 16))".utf8)
    }
    return (outcome, value)
  }

  /// The path in the line `interpreter PATH`.
  private static func interpreter(in bytes: Span<UInt8>) -> [UInt8] {
    var start = 0
    while start < bytes.count {
      let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) ?? bytes.count
      if bytes.has("interpreter ", at: start) { return bytes.copy(min(start + 12, end)..<end) }
      start = end + 1
    }
    return []
  }

  private static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    let isEnded = range.count > 0 && bytes[range.upperBound - 1] == UInt8(ascii: "\n")
    return bytes.copy(range.lowerBound..<range.upperBound - (isEnded ? 1 : 0))
  }
}
