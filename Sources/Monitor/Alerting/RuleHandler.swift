import Alerts
import Events
import Model
import Rules
import Synchronization

/// Judges every event by the rules and puts an alert of each match into the journal. The engine's thread only.
struct RuleHandler: EventHandler, ~Copyable {
  /// The fields that every alert carries besides its own, for formats that map names of their own; those without a value are
  /// left out.
  static let context = [
    "evt.type", "evt.num", "evt.source_name", "evt.incomplete",
    "proc.pid", "proc.name", "proc.exepath", "proc.cmdline", "proc.argv", "proc.id", "proc.pid.ts",
    "proc.tty",
    "proc.ppid", "proc.pname", "proc.pexepath", "proc.pcmdline", "proc.apid[1]", "proc.aid[1]",
    "proc.aname", "proc.aid", "proc.lineage",
    "user.uid", "user.name", "user.loginuid",
    "container.id", "container.full_id", "container.type",
  ]

  /// Those that it carries only if a rule has them read: a container's events wait for what its runtime's files tell.
  static let contextIfRead = [
    "container.name", "container.image", "container.image.repository", "container.image.tag",
    "container.image.digest", "container.image.id", "k8s.pod.name", "k8s.pod.uid", "k8s.ns.name",
  ]

  private let rules: RuleSet
  private let alertRules: [AlertRule]
  private let hostname: String
  private let delivery: Delivery
  private let counts: RuleCounters
  private let blindness: Blindness
  private var matcher: Matcher
  private var losses = LossReporter()
  /// Who waits for an alert about a program of his own, if anybody may.
  var selftest: Selftest?
  /// Where alerts go when a rule prints the hash of a program.
  var lateAlerts: LateAlerts?

  init(
    rules: RuleSet, hostname: String, delivery: Delivery, counts: RuleCounters, blindness: Blindness
  ) {
    self.rules = rules
    self.hostname = hostname
    self.delivery = delivery
    self.counts = counts
    self.blindness = blindness
    matcher = Matcher(rules)
    alertRules = rules.rules.map {
      AlertRule(name: $0.name, priority: $0.priority, source: $0.source, tags: $0.tags)
    }
  }

  mutating func handle(_ facts: borrowing LiveFacts) {
    switch facts.event.kind {
    case .lost: noteLoss(facts.event)
    case .executed: noteSelftest(facts.event)
    case .tampered: raise(Tampering.alert(facts.event, hostname: hostname, ruleCount: alertRules.count))
    default: break
    }
    guard matcher.match(facts) else { return }
    let context = matcher.context(facts).compactMap { field in
      field.value.map { AlertField(field.name, $0) }
    }
    for rule in matcher.matches {
      let output = matcher.output(of: rule, facts)
      counts.matches.add(1, ordering: .relaxed)
      let wantsHash = rules.rules[rule].needs.contains(.exeHash)
      raise(
        Alert(
          rule: alertRules[rule], timeNanoseconds: facts.event.time, hostname: hostname,
          message: output.message,
          outputFields: output.fields.map { AlertField($0.name, $0.value) }, context: context),
        hashing: wantsHash ? facts.event.process : nil)
    }
  }

  mutating func tick(time: UInt64, isLast: Bool) {
    delivery.tick()
    if let alert = losses.dueAlert(now: time, isLast: isLast, hostname: hostname, blindRules: blindness.rules)
    {
      raise(alert)
    }
  }

  private mutating func noteLoss(_ event: Event) {
    if case .loss(let loss) = event.change { losses.note(loss, time: event.time) }
  }

  /// Raises the alert that a self-test waits for, past the throttle.
  private func noteSelftest(_ event: Event) {
    guard let selftest, let row = event.process, selftest.awaits(row.name) else { return }
    counts.alerts.add(1, ordering: .relaxed)
    selftest.note(delivery.journal.append(selftest.alert(event, hostname: hostname)), of: row.name)
  }

  /// - Parameter process: whose program's hash the alert prints.
  private func raise(_ alert: Alert, hashing process: ProcessRow? = nil) {
    counts.alerts.add(1, ordering: .relaxed)
    guard let lateAlerts else { return delivery.append(alert) }
    lateAlerts.append(
      alert,
      of: process.map { HashedProgram(pid: $0.pid, startTicks: $0.startTicks, path: $0.exePath) })
  }
}

/// What the rules did so far. Any thread may read.
final class RuleCounters: Sendable {
  let matches = Atomic<UInt64>(0)
  let alerts = Atomic<UInt64>(0)

  /// As they stand, with how many rules there are.
  func counts(loaded: Int) -> RuleCounts {
    var counts = RuleCounts()
    counts.loaded = loaded
    counts.matches = matches.load(ordering: .relaxed)
    counts.alerts = alerts.load(ordering: .relaxed)
    return counts
  }
}
