import Events
import System
import SystemPackage
import Testing

@testable import Monitor

@Suite struct StatusDocumentTests {
  @Test("docs/status.md explains every reason of a loss")
  func reasons() throws {
    let root = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
      .removingLastComponent()
    let file = try FileDescriptor.open(root.appending("docs/status.md"), .readOnly)
    let text = try file.closeAfter {
      String(decoding: try file.bytes(at: 0, count: Int(try file.seek(offset: 0, from: .end))), as: UTF8.self)
    }
    for reason in LossReason.allCases { #expect(text.contains("`\(reason.name)`"), "\(reason.name)") }
  }
}

@Suite struct RateMeterTests {
  private static let second: UInt64 = 1_000_000_000

  @Test("a rate is the average of the last minute, and 0 before a second has passed")
  func rates() {
    var meter = RateMeter()
    #expect(meter.rates(AgentCounts(events: 5), at: 0) == AgentRates())
    meter.add(AgentCounts(events: 100), at: 10 * Self.second)
    #expect(meter.rates(AgentCounts(events: 150), at: 10 * Self.second + 1) == AgentRates())
    #expect(meter.rates(AgentCounts(events: 150, alerts: 10), at: 20 * Self.second).events == 5)
    #expect(meter.rates(AgentCounts(events: 150, alerts: 10), at: 20 * Self.second).alerts == 1)
    for step in 3...20 {
      meter.add(AgentCounts(events: 100 + UInt64(step) * 10), at: UInt64(step) * 10 * Self.second)
    }
    // Ten in ten seconds, whatever was before the last minute.
    #expect(meter.rates(AgentCounts(events: 300), at: 200 * Self.second).events == 1)
  }
}
