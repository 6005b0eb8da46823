import CAllocations
import Events
import Model
import Testing

@testable import Rules

#if DEBUG
  private let isOptimised = false
#else
  private let isOptimised = true
#endif

@Suite(
  .enabled(if: wh_counts_allocations(), "a sanitizer has the allocator"),
  .enabled(if: isOptimised, "without optimisation everything allocates: make test-optimised"))
struct AllocationTests {
  /// Every transformer, and a test of each kind.
  private static let condition = """
    (tolower(proc.name) = sh or toupper(proc.exe) contains A or b64(proc.cmdline) startswith x
    or basename(proc.exepath) = b or len(proc.cmdline) > 20000 or join(",", (proc.name, proc.pname)) icontains "q,"
    or concat(proc.exe, "-", proc.name) endswith "?-" or getopt(proc.args, "ab:c::")[b] = y
    or proc.exepath pmatch (/etc, /a/*) or proc.cmdline regex "a.*bcd" or proc.exe glob "*?z" or proc.pid in (1, 2)
    or proc.aname in (x, y, z) or proc.aname[2] = val(proc.name) or proc.cmdline contains anyof (qq, zz)
    or proc.duration < 0 or user.name = nobody or evt.time = x or proc.is_sid_leader = true)
    """.split(separator: "\n").joined(separator: " ")

  @Test("judging live events allocates nothing once warm")
  func live() throws {
    let loaded = RuleLoader().load([
      RuleFile(name: "f", bytes: Array(rule("evt.type = execve and \(Self.condition)").utf8))
    ])
    #expect(loaded.reports.flatMap(\.errors).map(\.message) == [])
    var matcher = Matcher(RuleSet.compile(loaded.rules).ruleSet)
    var script = LiveScript()
    let events = [script.shellBelowService(), script.exec(12, "/bin/sleep", ["sleep", "-a", "1"])[0]]
    var facts = script.facts(events[0])
    func judge() {
      for event in events {
        facts.event = event
        matcher.match(facts)
      }
    }
    judge()
    judge()
    let before = wh_allocation_count()
    for _ in 0..<100 { judge() }
    #expect(wh_allocation_count() - before == 0)
  }

  @Test("reading and judging events of captures allocates nothing once warm")
  func flat() throws {
    let condition = Self.condition + " or fd.net = 10.0.0.0/8 or fd.port in (22, 443) or fd.sip = 1.1.1.1"
    let loaded = RuleLoader().load([RuleFile(name: "f", bytes: Array(rule(condition).utf8))])
    #expect(loaded.reports.flatMap(\.errors).map(\.message) == [])
    var matcher = Matcher(RuleSet.compile(loaded.rules).ruleSet)
    let lines = [
      #"{"evt.type":"execve","proc.name":"xx","proc.pname":"yy","proc.exe":"/bin/xx","proc.cmdline":"xx -a 1"}"#,
      #"{"evt.type":"connect","proc.exepath":"/bin/curl","fd.net":["1.2.3.4","::1"],"fd.port":[80,"8080"],"#
        + #""proc.args":"-b 1 -c","user.name":"ann","proc.pid":77,"fd.sip":"10.0.0.1","proc.aname":["a","b"]}"#,
      #"{"evt.type":"no such type","proc.is_sid_leader":"false","proc.duration":12345,"evt.time":1700000000000000000}"#,
    ].map { Array($0.utf8) }
    var facts = FlatFacts()
    func judge() throws {
      for line in lines {
        try facts.read(line.span)
        try matcher.match(facts)
      }
    }
    try judge()
    try judge()
    let before = wh_allocation_count()
    for _ in 0..<100 { try judge() }
    #expect(wh_allocation_count() - before == 0)
  }
}
