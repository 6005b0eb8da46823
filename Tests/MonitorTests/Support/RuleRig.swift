import Alerts
import Events
import Model
import Rules
import System
import Testing

@testable import Monitor

/// The engine with rules behind it, fed with records by hand: what `windhover run` is without sources and outputs.
struct RuleRig {
  let rules: RuleSet
  let delivery: Delivery
  let counters = RuleCounters()
  let connector: RecordFeed
  private let feeds: EngineFeeds

  /// - Parameter text: of a rule file without errors.
  init(_ text: String) throws {
    let file = RuleFile(name: "test.yaml", bytes: Array(text.utf8))
    let compiled = CompiledRules([file], options: Agent.ruleOptions(Configuration()))
    try #require(!compiled.resolved.hasErrors, "\(compiled.resolved.reports.map(\.text))")
    rules = compiled.ruleSet
    delivery = try Delivery(outputs: [])
    let bell = try EngineBell()
    connector = RecordFeed(source: .connector, capacityBytes: 1 << 16, bell: bell)
    feeds = EngineFeeds(
      prompt: [connector], settling: [], bell: bell, mail: Mail(), sweepRequest: nil)
  }

  /// States a process's exec.
  func execute(_ pid: Int32, _ name: String, _ arguments: String) {
    var record = RecordWriter()
    record.begin(.executed, from: .connector, stamp: Clock.monotonicNanoseconds, pid: pid)
    record.append(.name, Array(name.utf8).span)
    record.append(.arguments, Array(arguments.utf8).span)
    record.append(.exePath, Array("/bin/\(name)".utf8).span)
    let isPushed = connector.offer(record)
    #expect(isPushed)
  }

  /// States that a process held a reader.
  func tamper(_ pid: Int32) {
    var record = RecordWriter()
    record.begin(.tampering, from: .connector, stamp: Clock.monotonicNanoseconds, pid: pid)
    let isPushed = connector.offer(record)
    #expect(isPushed)
  }

  /// Has the engine work off what was stated, to its end.
  /// - Returns: the alerts that it raised, in order.
  func alerts() -> [Alert] {
    let settings = Model.Settings(startStamp: Clock.monotonicNanoseconds, hostNamespaces: .unknown)
    let handler = RuleHandler(
      rules: rules, hostname: "web-1",
      delivery: delivery, counts: counters, blindness: Blindness(rules))
    let host = HostFacts(hostname: Array("web-1".utf8), bootID: Array("boot".utf8))
    var engine = Engine(feeds: feeds, settings: settings, host: host, handler: handler)
    let control = EngineControl()
    control.stop()
    engine.run(control)
    return delivery.journal.last(1000).map(\.alert)
  }
}
