import Alerts
import Events
import Glibc
import SystemPackage
import Testing

@Suite struct DeliveryTests {
  @Test("each output gets every alert in its own format, and one that is away holds no other up")
  func outputs() throws {
    let directory = try TemporaryDirectory()
    let (text, json) = (directory.path.appending("text"), directory.path.appending("json"))
    let away = directory.path.appending("nowhere/file")
    let delivery = try Delivery(outputs: [
      Output(named: "text", sink: .file(FileSinkOptions(path: text.string)), format: TextFormat()),
      Output(named: "away", sink: .file(FileSinkOptions(path: away.string)), format: TextFormat()),
      Output(named: "json", sink: .file(FileSinkOptions(path: json.string)), format: JSONFormat()),
    ])
    try delivery.start {}
    for number in 1...500 { delivery.append(Sample.numbered(number)) }
    for _ in 0..<6000
    where delivery.status.sinks.map(\.lag) != [0, 500, 0] || delivery.status.sinks[1].lastError == nil {
      usleep(10_000)
    }
    #expect(!delivery.stop(deadlineMilliseconds: 100))
    #expect(try contents(of: text).split(separator: "\n").count == 500)
    #expect(try contents(of: json).hasSuffix(JSONFormat().text(Sample.numbered(500)) + "\n"))
    let status = delivery.status
    #expect(status.sinks.map(\.name) == ["text", "away", "json"])
    #expect(status.sinks.map(\.delivered) == [500, 0, 500])
    #expect(status.sinks.map(\.lag) == [0, 500, 0])
    #expect(status.sinks[1].lastError == "\(away): No such file or directory")
    #expect(status.journal.lastSequence == 500)
  }

  @Test("a log that was rotated is written anew after `reopen`") func reopen() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path.appending("alerts")
    let delivery = try Delivery(outputs: [
      Output(named: "file", sink: .file(FileSinkOptions(path: path.string)), format: TextFormat())
    ])
    try delivery.start {}
    delivery.append(Sample.numbered(1))
    for _ in 0..<6000 where delivery.status.sinks[0].lag > 0 { usleep(10_000) }
    Disk.rename(path, to: directory.path.appending("alerts.1"))
    delivery.reopen()
    delivery.append(Sample.numbered(2))
    #expect(delivery.stop(deadlineMilliseconds: 20_000))
    #expect(try contents(of: path) == TextFormat().text(Sample.numbered(2)) + "\n")
  }
}
