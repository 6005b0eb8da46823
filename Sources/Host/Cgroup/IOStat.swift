extension CgroupFileName {
  public static let ioStat = CgroupFileName("io.stat")
  /// As `ioStat`, in the form of version 1.
  public static let blkioBytes = CgroupFileName("blkio.throttle.io_service_bytes_recursive")
}

/// Bytes that a cgroup and those below it have read from and written to block devices, all devices together, as
/// `io.stat` of version 2 and `blkio.throttle.io_service_bytes_recursive` of version 1 tell it.
///
/// What is written goes to the device later, and counts then. See the kernel's cgroup-v2.rst and
/// cgroup-v1/blkio-controller.rst.
public struct IOStat: Equatable, Sendable {
  public var bytesRead: UInt64 = 0
  public var bytesWritten: UInt64 = 0

  /// A file of version 2: `8:0 rbytes=4096 wbytes=0 …` for each device. It is empty before anything was read.
  /// - Returns: `nil` when the bytes are torn.
  public init?(parsing bytes: Span<UInt8>) {
    let isWhole = Self.forEachWord(in: bytes) { words in
      for word in words.dropFirst() {
        if let value = Self.number(of: "rbytes=", word, in: bytes) { bytesRead &+= value }
        if let value = Self.number(of: "wbytes=", word, in: bytes) { bytesWritten &+= value }
      }
    }
    guard isWhole else { return nil }
  }

  /// A file of version 1: `8:0 Read 4096` for each device and operation, and `Total 4096` at the end.
  /// - Returns: `nil` when the bytes are torn.
  public init?(parsingServiceBytes bytes: Span<UInt8>) {
    let isWhole = Self.forEachWord(in: bytes) { words in
      guard words.count == 3 else { return }
      var cursor = ByteCursor(words[2])
      guard let value = cursor.decimal(bytes, as: UInt64.self), cursor.isAtEnd else { return }
      if bytes.has("Read", as: words[1]) { bytesRead &+= value }
      if bytes.has("Write", as: words[1]) { bytesWritten &+= value }
    }
    guard isWhole else { return nil }
  }

  private static func forEachWord(in bytes: Span<UInt8>, _ body: ([Range<Int>]) -> Void) -> Bool {
    var start = 0
    while start < bytes.count {
      guard let end = bytes.firstIndex(of: UInt8(ascii: "\n"), from: start) else { return false }
      var words: [Range<Int>] = []
      while start < end {
        let stop = bytes.firstIndex(of: UInt8(ascii: " "), from: start, to: end) ?? end
        if stop > start { words.append(start..<stop) }
        start = stop + 1
      }
      body(words)
      start = end + 1
    }
    return true
  }

  private static func number(of key: StaticString, _ word: Range<Int>, in bytes: Span<UInt8>) -> UInt64? {
    guard word.count > key.utf8CodeUnitCount, bytes.has(key, at: word.lowerBound) else { return nil }
    var cursor = ByteCursor(word.lowerBound + key.utf8CodeUnitCount, word.upperBound)
    guard let value = cursor.decimal(bytes, as: UInt64.self), cursor.isAtEnd else { return nil }
    return value
  }
}
