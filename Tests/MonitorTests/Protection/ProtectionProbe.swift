// Unsafe: mkdtemp, chmod and readlink, on buffers and strings of this file.
import Glibc
import SystemPackage
import Testing

/// The probe's binary, which lies beside the test runner, and a directory that every user can enter.
///
/// The binary is copied there, since an ordinary user may not be able to enter the one that was built into.
final class ProtectionProbe {
  let directory: FilePath
  private let binary: FilePath

  init() throws {
    var template = Array("/tmp/windhover-probe-XXXXXX".utf8CString)
    // SAFETY: mkdtemp rewrites the template in place.
    let made = unsafe mkdtemp(&template)
    guard unsafe made != nil else { throw Errno(rawValue: errno) }
    directory = FilePath(String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
    binary = directory.appending("probe")
    // The directory lets every user write: the attempts keep files in it.
    unsafe _ = chmod(directory.string, 0o777)
    try Self.copy(Self.built, to: binary)
  }

  deinit {
    _ = try? SpawnedProcess(["/bin/rm", "-rf", directory.string]).finish()
  }

  /// Runs the probe to its end.
  /// - Parameter launcher: a command and its options that start the probe, such as setpriv.
  func run(_ arguments: [String], launcher: [String] = []) throws -> ProbeResult {
    try SpawnedProcess(launcher + [binary.string] + arguments).finish()
  }

  private static let built: FilePath = {
    var link = [CChar](repeating: 0, count: 4096)
    // SAFETY: readlink writes at most `count` bytes.
    let count = unsafe readlink("/proc/self/exe", &link, link.count)
    let runner = FilePath(
      String(decoding: link.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self))
    return runner.removingLastComponent().appending("ProtectionProbe")
  }()

  private static func copy(_ source: FilePath, to target: FilePath) throws {
    let result = try SpawnedProcess(["/bin/cp", source.string, target.string]).finish()
    try #require(result.end == .exited(0), "cannot copy \(source)")
    unsafe _ = chmod(target.string, 0o755)
  }
}

/// What a run of the probe wrote and how it ended.
struct ProbeResult {
  enum End: Equatable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  let lines: [String]
  let end: End

  /// What came of an attempt or a step; `nil` when there is no line of it.
  subscript(name: String) -> String? {
    lines.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
  }
}
