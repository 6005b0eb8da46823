import Alerts
import Glibc
import SystemPackage
import Testing

@Suite struct FileRotationTests {
  private let directory: TemporaryDirectory
  private var path: FilePath { directory.path.appending("alerts") }

  init() throws { directory = try TemporaryDirectory() }

  private func sink(_ change: (inout FileSinkOptions) -> Void) throws -> FileSink {
    var options = FileSinkOptions(path: path.string)
    change(&options)
    let sink = FileSink(options: options)
    try sink.open()
    return sink
  }

  /// What the file of this number holds; `nil` when there is none.
  private func file(_ number: Int) -> String? {
    try? contents(of: number == 0 ? path : FilePath("\(path).\(number)"))
  }

  @Test("no file grows beyond the limit, the order stays, and only so many are kept")
  func size() throws {
    let sink = try sink {
      $0.rotation.maximumBytes = 12
      $0.rotation.keep = 2
    }
    // One call brings more than a file holds, and each line is six bytes.
    try sink.deliver((1...5).map { EncodedAlert(UInt64($0), "line\($0)") }[...])
    try sink.deliver([EncodedAlert(6, "line6")])
    try sink.deliver([EncodedAlert(7, "line7")])
    #expect((0...3).map(file) == ["line7\n", "line5\nline6\n", "line3\nline4\n", nil])
    #expect(sink.settled == 7)
    #expect(sink.complaint == nil)
  }

  @Test("an alert larger than the limit has a file of its own")
  func large() throws {
    let sink = try sink { $0.rotation.maximumBytes = 10 }
    try sink.deliver([
      EncodedAlert(1, "a"), EncodedAlert(2, "twenty characters ok"), EncodedAlert(3, "b"),
    ])
    #expect((0...3).map(file) == ["b\n", "twenty characters ok\n", "a\n", nil])
  }

  @Test("what an earlier run wrote counts")
  func secondRun() throws {
    try directory.write("before\n", to: "alerts")
    let sink = try sink { $0.rotation.maximumBytes = 10 }
    try sink.deliver([EncodedAlert(1, "after")])
    #expect((0...1).map(file) == ["after\n", "before\n"])
  }

  @Test("a file whose first alert is too old is set aside before the next, also after a restart")
  func age() throws {
    let first = try sink { $0.rotation.maximumAgeSeconds = 1 }
    try first.deliver([EncodedAlert(1, "one")])
    let sink = try sink { $0.rotation.maximumAgeSeconds = 1 }
    #expect((0...1).map(file) == ["one\n", nil])
    usleep(1_100_000)
    try sink.deliver([EncodedAlert(2, "two")])
    #expect((0...1).map(file) == ["two\n", "one\n"])
  }

  @Test("where a file cannot be set aside alerts are written on, and the status says why")
  func notPossible() throws {
    // A directory stands where the old file should go, and it is not empty.
    Disk.mkdir(FilePath("\(path).1"))
    Disk.mkdir(FilePath("\(path).1/x"))
    let sink = try sink {
      $0.rotation.maximumBytes = 6
      $0.rotation.keep = 1
    }
    try sink.deliver([EncodedAlert(1, "line1"), EncodedAlert(2, "line2"), EncodedAlert(3, "line3")])
    #expect(file(0) == "line1\nline2\nline3\n")
    #expect(sink.complaint?.contains("cannot be set aside") == true)
    #expect(sink.settled == 3)
  }

  @Test("under `always` an alert is settled once it is on the disk, under `every_second` the disk follows")
  func sync() throws {
    let always = try sink { $0.sync = .always }
    try always.deliver([EncodedAlert(1, "one")])
    #expect(always.settled == 1)
    #expect(always.idleMilliseconds == -1)
    let later = try sink { $0.sync = .everySecond }
    try later.deliver([EncodedAlert(2, "two")])
    #expect(later.settled == 2)
    // It asks to be called again, and then has nothing left to do.
    #expect(later.idleMilliseconds == 1000)
    usleep(1_050_000)
    try later.deliver([])
    #expect(later.idleMilliseconds == -1)
  }
}
