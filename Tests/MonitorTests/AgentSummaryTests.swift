import Alerts
import Events
import Testing

@testable import Monitor

@Suite struct AgentSummaryTests {
  @Test(
    "the summary tells what was seen, lost, shed, passed over, matched and delivered, and nothing that is 0")
  func whole() {
    var summary = AgentSummary()
    summary.seconds = 61.26
    summary.engine.events = 1200
    summary.engine.processes = 85
    summary.engine.lateRecords = 2
    (summary.rules.loaded, summary.rules.matches, summary.rules.alerts) = (10, 3, 4)
    summary.refusedCalls = 1
    summary.sources = [
      AgentSummary.SourcePart(
        status: SourceStatus(source: .connector, isActive: true, shortcomings: []), records: 900,
        losses: [
          .init(reason: .shed, kind: .executed): 7, .init(reason: .sequenceGap, kind: nil): 2,
        ], passedOver: ["of threads": 40]),
      AgentSummary.SourcePart(
        status: SourceStatus(source: .procfs, isActive: true, shortcomings: []), records: 90, losses: [:],
        passedOver: [:]),
    ]
    #expect(
      summary.description == """
        1200 events in 61.3 s, 85 processes known
        3 matches of 10 rules, 4 alerts
        source connector: 900 records; lost: 2 sequence_gap, 7 shed of executed; 40 messages of threads passed over
        source procfs: 90 records; lost: nothing
        2 late, 1 refused system call
        """)
  }

  @Test("one of something is told in the singular")
  func singular() {
    var summary = AgentSummary()
    summary.engine.events = 1
    summary.engine.processes = 1
    (summary.rules.loaded, summary.rules.matches, summary.rules.alerts) = (1, 1, 1)
    summary.sources = [
      AgentSummary.SourcePart(
        status: SourceStatus(source: .connector, isActive: true, shortcomings: []), records: 1,
        losses: [:], passedOver: ["of threads": 1])
    ]
    #expect(
      summary.description == """
        1 event in 0.0 s, 1 process known
        1 match of 1 rule, 1 alert
        source connector: 1 record; lost: nothing; 1 message of threads passed over
        """)
  }

  @Test("a source that is off has no line")
  func off() {
    var summary = AgentSummary()
    summary.sources = [
      AgentSummary.SourcePart(
        status: SourceStatus(source: .connector, isActive: false, shortcomings: ["x"]), records: 0,
        losses: [:],
        passedOver: [:])
    ]
    #expect(!summary.description.contains("connector"))
  }
}
