import Glibc
import Rules
import SystemPackage
import Testing

@testable import Monitor

/// A directory of one test, removed with the files in it when the test ends.
private final class Scratch {
  let path: String

  init() throws {
    var template = Array("/tmp/windhover-trust-XXXXXX".utf8CString)
    // SAFETY: mkdtemp changes the six last letters of a string that ends in NUL.
    guard unsafe mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit {
    for name in ["file", "link", "b.yaml", "a.yml", "c.txt", "d.yaml"] {
      _ = unsafe unlink("\(path)/\(name)")
    }
    _ = unsafe rmdir(path)
  }

  func write(_ text: String, to name: String = "file", mode: mode_t) throws -> String {
    let file = "\(path)/\(name)"
    let descriptor = try FileDescriptor.open(
      FilePath(file), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
    defer { try? descriptor.close() }
    try descriptor.writeAll(Array(text.utf8))
    _ = unsafe chmod(file, mode)
    return file
  }
}

@Suite struct FileTrustTests {
  @Test("a file is read whole, however long it is", arguments: [0, 1, 65_536, 200_000])
  func whole(count: Int) throws {
    let scratch = try Scratch()
    let text = String(repeating: "x", count: count)
    let file = try scratch.write(text, mode: 0o644)
    #expect(try FileTrust(refusesSharedWriters: true).read(file) == Array(text.utf8))
  }

  @Test(
    "a file that others may write is refused when the agent was started as root",
    arguments: [
      (0o664, "its group may write it"), (0o646, "everybody may write it"), (0o666, "everybody may write it"),
    ])
  func sharedWriters(mode: Int, reason: String) throws {
    let scratch = try Scratch()
    let file = try scratch.write("a: b\n", mode: mode_t(mode))
    let error = #expect(throws: ConfigurationProblem.self) {
      _ = try FileTrust(refusesSharedWriters: true).read(file)
    }
    #expect(error?.description.contains(reason) == true)
    #expect(try FileTrust(refusesSharedWriters: false).read(file) == Array("a: b\n".utf8))
  }

  @Test("a link is judged by the file that it leads to")
  func link() throws {
    let scratch = try Scratch()
    let file = try scratch.write("a: b\n", mode: 0o666)
    #expect(unsafe symlink(file, "\(scratch.path)/link") == 0)
    #expect(throws: ConfigurationProblem.self) {
      _ = try FileTrust(refusesSharedWriters: true).read("\(scratch.path)/link")
    }
  }

  @Test(
    "what is no file says so",
    arguments: [("/nonexistent/a", "No such file or directory"), ("/usr", "Is a directory")])
  func noFile(path: String, reason: String) {
    let error = #expect(throws: ConfigurationProblem.self) {
      _ = try FileTrust(refusesSharedWriters: true).read(path)
    }
    #expect(error?.description == "\(path): \(reason)")
  }

  @Test("an endless file ends at the limit")
  func endless() {
    let error = #expect(throws: ConfigurationProblem.self) {
      _ = try FileTrust(refusesSharedWriters: false).read("/dev/zero")
    }
    #expect(error?.description == "/dev/zero: File too large")
  }

  @Test("a directory stands for its YAML files in alphabetical order")
  func directory() throws {
    let scratch = try Scratch()
    for name in ["b.yaml", "a.yml", "c.txt"] { _ = try scratch.write(name, to: name, mode: 0o644) }
    let unreadable = try scratch.write("d", to: "d.yaml", mode: 0o666)
    let trust = FileTrust(refusesSharedWriters: true)
    let files = trust.ruleFiles(at: [scratch.path, "/nonexistent.yaml", "\(scratch.path)/c.txt"])
    let expected = ["\(scratch.path)/a.yml", "\(scratch.path)/b.yaml", unreadable, "/nonexistent.yaml"]
    #expect(files.map(\.name) == expected + ["\(scratch.path)/c.txt"])
    #expect(files.map(\.text) == ["a.yml", "b.yaml", nil, nil, "c.txt"])
  }

  @Test("a directory that others may write is refused when the agent was started as root")
  func sharedDirectory() throws {
    let scratch = try Scratch()
    _ = unsafe chmod(scratch.path, 0o777)
    let refused = FileTrust(refusesSharedWriters: true).ruleFiles(at: [scratch.path])
    #expect(refused.map(\.problem).first??.contains("everybody may write it") == true)
    _ = try scratch.write("a", to: "a.yml", mode: 0o644)
    let accepted = FileTrust(refusesSharedWriters: false).ruleFiles(at: [scratch.path])
    #expect(accepted.map(\.text) == ["a"])
  }

  @Test(
    "a file is refused whose directory others may write, but for root's sticky ones",
    arguments: [
      (0o777, "everybody may write it"), (0o775, "its group may write it"), (0o755, nil), (0o700, nil),
    ])
  func directoryOfFile(mode: Int, reason: String?) throws {
    let scratch = try Scratch()
    let file = try scratch.write("a: b\n", mode: 0o644)
    let other = try Scratch()
    let link = "\(other.path)/link"
    #expect(unsafe chmod(scratch.path, mode_t(mode)) == 0 && symlink(file, link) == 0)
    for path in [file, link] {
      do throws(ConfigurationProblem) {
        #expect(try FileTrust(refusesSharedWriters: true).read(path) == Array("a: b\n".utf8))
        #expect(reason == nil)
      } catch {
        #expect(reason.map(error.description.contains) == true)
        #expect(error.description.hasSuffix("run: chmod go-w \(scratch.path)"))
      }
      #expect(try FileTrust(refusesSharedWriters: false).read(path) == Array("a: b\n".utf8))
    }
  }

  @Test("a file directly below /tmp is as good as its own permissions")
  func stickyDirectory() throws {
    let file = "/tmp/windhover-trust-\(getpid()).yaml"
    let descriptor = try FileDescriptor.open(
      FilePath(file), .writeOnly, options: [.create, .exclusiveCreate], permissions: .ownerReadWrite)
    defer { _ = unsafe unlink(file) }
    try descriptor.close()
    #expect(try FileTrust(refusesSharedWriters: true).read(file) == [])
  }

  @Test(
    "a directory of another user's is refused, unless the file is that user's too",
    .enabled(if: geteuid() == 0, "needs root to give files away"))
  func foreignDirectory() throws {
    let scratch = try Scratch()
    let file = try scratch.write("a: b\n", mode: 0o644)
    #expect(unsafe chown(scratch.path, 65534, 0) == 0)
    let error = #expect(throws: ConfigurationProblem.self) {
      _ = try FileTrust(refusesSharedWriters: true).read(file)
    }
    #expect(error?.description.contains("its directory belongs to the user 65534") == true)
    #expect(unsafe chown(file, 65534, 0) == 0)
    #expect(try FileTrust(refusesSharedWriters: true).read(file) == Array("a: b\n".utf8))
  }

  @Test("a directory without a YAML file is not silently nothing")
  func emptyDirectory() throws {
    let scratch = try Scratch()
    let files = FileTrust(refusesSharedWriters: true).ruleFiles(at: [scratch.path])
    #expect(files.map(\.problem) == ["no .yaml or .yml file is in it"])
  }
}

extension RuleFile {
  /// What was read; `nil` when nothing could be.
  fileprivate var text: String? {
    if case .bytes(let bytes) = content { String(decoding: bytes, as: UTF8.self) } else { nil }
  }

  /// Why nothing was read; `nil` when something was.
  fileprivate var problem: String? {
    if case .unreadable(let reason) = content { reason } else { nil }
  }
}
