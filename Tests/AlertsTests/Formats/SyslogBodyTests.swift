import Events
import Testing

@testable import Alerts

@Suite struct SyslogBodyTests {
  private func options(_ body: SyslogOptions.Body, enterpriseNumber: UInt32? = nil) -> SyslogOptions {
    var options = SyslogOptions()
    options.processID = 42
    options.body = body
    options.enterpriseNumber = enterpriseNumber
    return options
  }

  @Test(
    "every body stands behind both headers as its own format writes it",
    arguments: SyslogOptions.Body.allCases)
  func bodies(body: SyslogOptions.Body) throws {
    let expected =
      switch body {
      case .text: #"Program that is not in the image | command=miner --pool=\"a=b|c\" container=0123456789ab"#
      case .json: JSONFormat().text(Sample.program)
      case .cef: CEFFormat().text(Sample.program)
      case .leef: LEEFFormat().text(Sample.program)
      case .ecs: ECSFormat().text(Sample.program)
      case .ocsf: OCSFFormat().text(Sample.program)
      }
    let old = RFC3164Format(options: options(body)).text(Sample.program)
    let tag = body == .cef || body == .leef ? "" : "windhover[42]: "
    #expect(old.hasSuffix(" kestrel.example \(tag)\(expected)"))
    let message = RFC5424Format(options: options(body, enterpriseNumber: 32473)).text(Sample.program)
    #expect(try #require(ParsedSyslog(message)).message == expected)
  }

  @Test(
    "no message exceeds the least limit that its body may have, whatever is in the alert",
    arguments: SyslogOptions.Body.allCases)
  func limits(body: SyslogOptions.Body) throws {
    let limit = body.smallestMessageLimit
    let long = Sample.hostile + [UInt8](repeating: UInt8(ascii: "="), count: 64 << 10)
    for alert in [Sample.alert(with: long, inEachOf: mappedFields), Sample.numbered(1, padding: 90_000)] {
      for format in [
        RFC5424Format(options: options(body, enterpriseNumber: .max)), RFC3164Format(options: options(body)),
      ] as [any AlertFormat] {
        var bytes: [UInt8] = []
        #expect(format.encode(Sample.entry(alert, sequence: .max / 2), limit: limit, into: &bytes))
        #expect(bytes.count <= limit)
        let text = String(decoding: bytes, as: UTF8.self)
        guard let start = text.firstIndex(of: body == .cef ? "C" : "{") else { continue }
        if body == .cef { #expect(ParsedCEF(String(text[start...])) != nil, "\(text)") }
        if [.json, .ecs, .ocsf].contains(body) {
          #expect(throws: Never.self, "\(text)") { try JSONTree(String(text[start...])) }
        }
      }
    }
  }

  @Test(
    "a large alert loses what is only carried along first, and its message's end last",
    arguments: [
      FormatKind.cef, .leef, .ecs, .ocsf,
    ])
  func order(kind: FormatKind) {
    let alert = Alert(
      rule: AlertRule(name: "Long", priority: .error, tags: ["tagged"]), timeNanoseconds: Sample.time,
      hostname: "h", message: Array("message to the end".utf8),
      outputFields: [
        AlertField("proc.cwd2", .text("carried-small")),
        AlertField("proc.odd", .text("carried" + String(repeating: "y", count: 300))),
        AlertField("user.name", .text("mapped" + String(repeating: "x", count: 200))),
      ])
    let format = kind.make(FormatOptions())
    let whole = format.text(alert)
    let first = format.text(alert, limit: whole.utf8.count - 50)
    #expect(!first.contains("carriedyy") && first.contains("carried-small") && first.contains("mappedxx"))
    let second = format.text(alert, limit: whole.utf8.count - 400)
    #expect(!second.contains("carried-small") && !second.contains("mappedxx") && second.contains("tagged"))
    for text in [first, second] {
      #expect(text.contains("message to the end") && text.lowercased().contains("truncated"))
    }
  }
}
