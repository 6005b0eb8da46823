import Alerts
import Glibc
import SystemPackage
import Testing

@Suite struct FileSinkTests {
  private let directory: TemporaryDirectory
  private var path: FilePath { directory.path.appending("alerts") }

  init() throws { directory = try TemporaryDirectory() }

  private func sink(mode: UInt32 = 0o600) -> FileSink {
    FileSink(options: FileSinkOptions(path: path.string, mode: mode))
  }

  @Test("a file is made with the permissions that were asked for", arguments: [0o600, 0o640] as [UInt32])
  func permissions(mode: UInt32) throws {
    let sink = sink(mode: mode)
    try sink.open()
    #expect(try Stat(path).permissions.rawValue == mode)
  }

  @Test("what is in the file stays") func append() throws {
    try directory.write("before\n", to: "alerts")
    let sink = sink()
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    #expect(try contents(of: path) == "before\none\n")
  }

  @Test("a line that was cut off by a crash is ended before the next begins") func tornLine() throws {
    try directory.write("whole\n{\"torn", to: "alerts")
    let sink = sink()
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one"), EncodedAlert(2, "two")])
    #expect(try contents(of: path) == "whole\n{\"torn\none\ntwo\n")
  }

  @Test("a file that was renamed or removed is made anew within a second", arguments: [true, false])
  func rotated(renames: Bool) throws {
    let sink = sink()
    try sink.open()
    try sink.deliver([EncodedAlert(1, "one")])
    if renames { Disk.rename(path, to: directory.path.appending("alerts.1")) } else { Disk.unlink(path) }
    usleep(1_050_000)
    try sink.deliver([EncodedAlert(2, "two")])
    #expect(try contents(of: path) == "two\n")
  }

  @Test("a symbolic link, a directory and a pipe are refused, with the reason")
  func notRegular() throws {
    Disk.symlink("/dev/null", at: path)
    #expect(throws: SinkError.unavailable("\(path): a symbolic link, which is not followed")) {
      try sink().open()
    }
    Disk.unlink(path)
    Disk.mkdir(path)
    #expect(throws: SinkError.unavailable("\(path): Is a directory")) { try sink().open() }
    Disk.rmdir(path)
    Disk.mkfifo(path)
    #expect(throws: SinkError.unavailable("\(path): not a regular file")) { try sink().open() }
  }

  @Test(
    "a full disk settles the whole lines alone, and the torn one is written again",
    .enabled(if: geteuid() == 0, "needs root to mount a small tmpfs"))
  func fullDisk() throws {
    let mount = directory.path.appending("small")
    Disk.mkdir(mount)
    let mounted = try Program("/bin/mount", ["-t", "tmpfs", "-o", "size=8k", "tmpfs", mount.string]).finish()
    guard mounted.status == 0 else { return print("skipped: \(mounted.errors)") }
    defer { _ = try? Program("/bin/umount", [mount.string]).finish() }
    let path = mount.appending("alerts")
    let sink = FileSink(options: FileSinkOptions(path: path.string))
    try sink.open()
    let filler = String(repeating: "x", count: 3000)
    let alerts = (1...4).map { EncodedAlert($0, "\($0)" + filler) }
    #expect(throws: SinkError.unavailable("\(path): No space left on device")) {
      try sink.deliver(alerts[...])
    }
    #expect(sink.settled == 2)
    sink.close()
    Disk.truncate(path, to: 7000)
    try sink.open()
    try sink.deliver([EncodedAlert(3, "three")])
    #expect(try contents(of: path).split(separator: "\n").map(\.count) == [3001, 3001, 996, 5])
  }
}
