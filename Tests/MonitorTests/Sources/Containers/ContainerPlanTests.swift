import Testing

@testable import Host
@testable import Monitor

@Suite struct ContainerPlanTests {
  private static let millisecond: UInt64 = 1_000_000

  private func request(_ id: String, mustAnswer: Bool = true) -> ContainerRequest {
    ContainerRequest(id: Array(id.utf8), cgroup: Array("/docker/\(id)".utf8), mustAnswer: mustAnswer)
  }

  private let mark = FileMark(path: "/x", inode: 1, size: 2, modified: 3)

  @Test("a file that is not there yet is looked for again, ever later, for a third of a second")
  func retries() {
    var plan = ContainerPlan(now: 0)
    plan.want(request("a"), now: 0)
    var now: UInt64 = 0
    var tries: [UInt64] = []
    for _ in 0..<100 {
      switch plan.step(now: now) {
      case .read(let request):
        tries.append(now / Self.millisecond)
        if plan.missed(request, isFinal: false, now: now) {
          #expect(tries == [0, 5, 15, 35, 75, 155, 315])
          return
        }
      case .rest(let nanoseconds): now += nanoseconds
      case .check: Issue.record("nothing is known")
      }
    }
    Issue.record("no answer: \(tries)")
  }

  @Test("a forged cgroup is answered at once")
  func forged() {
    var plan = ContainerPlan(now: 0)
    plan.want(request("a"), now: 0)
    let isAnswered = plan.missed(request("a"), isFinal: true, now: 0)
    #expect(isAnswered)
  }

  @Test("what is known is passed over, but for somebody who waits and was not answered lately")
  func known() {
    var plan = ContainerPlan(now: 0)
    let late = ContainerPlan.freshness + 1
    plan.want(request("a", mustAnswer: false), now: 0)
    plan.found(request("a"), id: Array("a".utf8), [mark], now: 0)
    plan.want(request("a", mustAnswer: false), now: late)
    plan.want(request("a"), now: 1)
    guard case .rest = plan.step(now: 1) else {
      Issue.record("read again")
      return
    }
    plan.want(request("a"), now: late)
    #expect(plan.step(now: late) == .read(request("a")))
  }

  @Test("the same container is asked for by many and read once")
  func joined() {
    var plan = ContainerPlan(now: 0)
    plan.want(request("a", mustAnswer: false), now: 0)
    plan.want(request("a"), now: 0)
    #expect(plan.step(now: 0) == .read(request("a")))
    plan.found(request("a"), id: Array("a".utf8), [mark], now: 0)
    guard case .rest = plan.step(now: 0) else {
      Issue.record("read twice")
      return
    }
  }

  @Test("every ten seconds the files are looked at, and what was not found is looked for again a few times")
  func checks() {
    var plan = ContainerPlan(now: 0)
    plan.want(request("a"), now: 0)
    plan.want(request("b"), now: 0)
    plan.found(request("a"), id: Array("a".utf8), [mark], now: 0)
    _ = plan.missed(request("b"), isFinal: true, now: 0)
    var now: UInt64 = 0
    var (checks, reads) = (0, 0)
    while now < 20 * ContainerPlan.checkInterval {
      switch plan.step(now: now) {
      case .check(let request, let files):
        checks += 1
        #expect(request.id == Array("a".utf8) && files == [mark])
      case .read(let request):
        reads += 1
        let isAnswered = plan.missed(request, isFinal: false, now: now)
        #expect(!isAnswered)
      case .rest(let nanoseconds): now += max(1, nanoseconds)
      }
    }
    #expect(reads == ContainerPlan.laterAttempts)
    #expect(checks >= 18)
  }

  @Test("what changed is read again; what has gone is forgotten")
  func changes() {
    var plan = ContainerPlan(now: 0)
    plan.want(request("a"), now: 0)
    plan.found(request("a"), id: Array("a".utf8), [mark], now: 0)
    plan.changed(request("a"), now: 7)
    #expect(plan.step(now: 7) == .read(request("a")))
  }

  @Test("what is remembered is bounded")
  func bounded() {
    var plan = ContainerPlan(now: 0)
    for number in 0..<(ContainerPlan.limit + 10) {
      plan.found(request("\(number)"), id: Array("\(number)".utf8), [mark], now: 0)
      plan.want(request("w\(number)"), now: 0)
    }
    plan.want(request("\(ContainerPlan.limit)", mustAnswer: false), now: 0)
    var reads = 0
    while case .read(let request) = plan.step(now: 1) {
      reads += 1
      _ = plan.missed(request, isFinal: true, now: 1)
    }
    #expect(reads == ContainerPlan.limit)
  }
}
