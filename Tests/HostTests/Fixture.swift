import Host

/// The trees below Tests/Fixtures, each the root of a host as found.
enum Fixture {
  static func root(_ name: String) -> HostRoot {
    let file = #filePath
    let tests = file.split(separator: "/").dropLast(2).joined(separator: "/")
    return HostRoot("/\(tests)/Fixtures/\(name)")
  }

  /// The bytes of a process's file.
  static func bytes(_ file: ProcessFile, of pid: Int32, in name: String) -> [UInt8] {
    bytes(file, of: pid, below: root(name))
  }

  /// The bytes of a file of a process of this machine.
  static func live(_ file: ProcessFile, of pid: Int32) -> [UInt8] { bytes(file, of: pid, below: .live) }

  private static func bytes(_ file: ProcessFile, of pid: Int32, below root: HostRoot) -> [UInt8] {
    var directory = ProcessDirectory(root: root)
    var buffer = ReadBuffer()
    directory.select(pid)
    guard directory.read(file, into: &buffer) == .complete else { return [] }
    return buffer.copy()
  }
}

extension ReadBuffer {
  borrowing func copy() -> [UInt8] {
    withBytes { bytes in bytes.indices.map { bytes[$0] } }
  }

  borrowing func text() -> String { String(decoding: copy(), as: UTF8.self) }
}

extension Array<UInt8> {
  func text(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }
}
