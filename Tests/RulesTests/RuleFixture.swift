import Glibc

// Unsafe: reads and writes files of the tests with the C library.

/// Files that the tests read: fixtures beside the test targets, and what the environment names.
enum RuleFixture {
  /// Whether golden files are to be written instead of compared.
  static var isUpdating: Bool { environment("WINDHOVER_RECORD_GOLDEN") != nil }

  /// The path of a fixture for rules.
  static func path(_ name: String) -> String {
    let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    return "/\(tests)/Fixtures/Rules/\(name)"
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    // SAFETY: the stream is checked and closed; `fread` writes at most what the buffer holds.
    guard let file = unsafe fopen(path, "r") else { throw Missing(path: path) }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  static func write(_ text: String, to path: String) throws {
    // SAFETY: the stream is checked and closed; `fwrite` reads what the array holds.
    guard let file = unsafe fopen(path, "w") else { throw Missing(path: path) }
    defer { unsafe fclose(file) }
    let bytes = Array(text.utf8)
    unsafe fwrite(bytes, 1, bytes.count, file)
  }

  /// A variable of the environment.
  static func environment(_ name: String) -> String? {
    // SAFETY: `getenv` gives text ended by NUL, or null.
    unsafe getenv(name).map { unsafe String(cString: $0) }
  }

  struct Missing: Error { var path: String }
}
