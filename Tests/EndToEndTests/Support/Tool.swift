import Glibc
import Synchronization
import SystemPackage

/// A small C program of Tests/Tools, compiled when a test first asks for it: static, so that it also runs in a container
/// and starts at once.
enum Tool: String {
  case attach
  case becomeRoot = "become-root"
  case deafen
  case execFromMemory = "exec-from-memory"
  case inject
  case memoryLockHolder = "memory-lock-holder"
  case storm

  /// Where all of them lie: beside what the package manager builds.
  static let directory = BuiltBinary.path.removingLastComponent().appending("test-tools")

  /// The built program.
  func path() throws -> FilePath {
    let program = Self.directory.appending(rawValue)
    let source = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
      .appending(["Tools", FilePath.Component("\(rawValue).c")!])
    // The lock is held throughout: two tests that want the same program compile it once.
    try compiled.withLock { compiled throws in
      guard !compiled.contains(rawValue) else { return }
      try compile(source, to: program)
      compiled.insert(rawValue)
    }
    return program
  }

  private func compile(_ source: FilePath, to program: FilePath) throws {
    let flags = "-std=gnu11 -O1 -static -pthread -Wall -Wextra -Werror -Wno-unused-result"
    // Another run of the tests may compile it too: each renames a whole file into place.
    let outcome = try Program(
      "/bin/sh",
      [
        "-euc",
        """
        mkdir -p "$1"
        for compiler in cc clang gcc; do command -v "$compiler" > /dev/null && break; done
        "$compiler" \(flags) "$2" -o "$3.$$" && mv "$3.$$" "$3"
        """, "sh", Self.directory.string, source.string, program.string,
      ]
    ).finish(within: .seconds(300))
    guard outcome.status == 0 else { throw CompilerError(tool: rawValue, messages: outcome.errors) }
  }

  struct CompilerError: Error, CustomStringConvertible {
    var tool: String
    var messages: String
    var description: String { "Tests/Tools/\(tool).c does not compile:\n\(messages)" }
  }
}

private let compiled = Mutex<Set<String>>([])
