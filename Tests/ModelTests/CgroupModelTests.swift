import Events
import Model
import Testing

@Suite struct CgroupModelTests {
  @Test(
    "a cgroup that is made and removed is an event each, with its claim and the container that it counts for")
  func life() {
    var script = Script()
    let made = script.cgroup(.cgroupCreated, "/docker/c1") { $0.claim("c1", vouched: true) }
    #expect(made.map(\.kind) == [.cgroupCreated])
    #expect(made.first?.cgroup?.path == Array("/docker/c1".utf8))
    #expect(made.first?.container?.id == Array("c1".utf8))
    #expect(made.first?.process == nil)
    #expect(script.model.cgroups.count == 1)
    let removed = script.cgroup(.cgroupRemoved, "/docker/c1")
    #expect(removed.map(\.kind) == [.cgroupRemoved])
    #expect(removed.first?.container?.id == Array("c1".utf8))
    #expect(script.model.cgroups.count == 0)
    #expect(script.cgroup(.cgroupRemoved, "/docker/c1").isEmpty, "it is gone")
  }

  @Test(
    "a counter that grows is an event, with before and after",
    arguments: [(CgroupFigure.oomKills, EventKind.oomKilled), (.pidsLimitHits, .pidsLimitReached)])
  func counters(figure: CgroupFigure, kind: EventKind) {
    var script = Script()
    #expect(script.figures("/a", [(figure, 7)]).isEmpty, "what was before the agent is no event")
    #expect(script.figures("/a", [(figure, 7)]).isEmpty)
    let grown = script.figures("/a", [(figure, 9)])
    #expect(grown.map(\.kind) == [kind])
    #expect(grown.first?.counts == [7, 9])
    #expect(script.figures("/a", [(figure, 1)]).isEmpty, "a counter never falls: it is another cgroup's")
    #expect(script.figures("/a", [(figure, 2)]).map(\.kind) == [kind])
  }

  @Test("the counters of a cgroup that was seen to be made begin at 0")
  func bornHere() {
    var script = Script()
    script.cgroup(.cgroupCreated, "/a")
    #expect(script.figures("/a", [(.oomKills, 1)]).first?.counts == [0, 1])
    #expect(script.figures("/a", [(.isFrozen, 1)]).map(\.kind) == [.cgroupFrozen])
    #expect(script.figures("/a", [(.isFrozen, 1)]).isEmpty)
    #expect(script.figures("/a", [(.isFrozen, 0)]).map(\.kind) == [.cgroupThawed])
  }

  @Test("a threshold is an event when it is reached, and again only after a fall below four fifths of it")
  func thresholds() {
    var script = Script()
    // 60 per cent, in hundredths.
    let readings: [(UInt64, Bool)] = [
      (1000, false), (5999, false), (6000, true), (9000, false), (5000, false), (6100, false), (4700, false),
      (6100, true),
    ]
    for (reading, isEvent) in readings {
      let events = script.figures("/a", [(.cpuPressure, reading)])
      #expect(events.map(\.kind) == (isEvent ? [.pressureRisen] : []), "\(reading)")
      if isEvent, case .crossing(let crossing)? = events.first?.change {
        #expect(crossing.threshold.resource == "cpu")
        #expect(crossing.after == Double(reading) / 100)
        #expect(crossing.limit == 60)
        #expect((crossing.before ?? 100) < 60)
      }
    }
  }

  @Test("memory near its limit is an event; without a limit there is none")
  func memory() {
    var script = Script()
    #expect(script.figures("/a", [(.memoryUsage, 95), (.memoryLimit, CgroupFigure.none)]).isEmpty)
    #expect(script.model.cgroups.row(Array("/a".utf8))?.memoryPercent == nil)
    let events = script.figures("/a", [(.memoryUsage, 95), (.memoryLimit, 100)])
    #expect(events.map(\.kind) == [.memoryNearLimit])
  }

  @Test("rates follow from two readings, and none from one or from a counter that fell")
  func rates() throws {
    var script = Script()
    let first: [(CgroupFigure, UInt64)] = [
      (.cpuUsage, 1_000_000_000), (.cpuPeriods, 10), (.cpuThrottledPeriods, 1), (.bytesRead, 100),
      (.bytesWritten, 5),
    ]
    script.figures("/a", first)
    let row = try #require(script.model.cgroups.row(Array("/a".utf8)))
    #expect(row.rates.cores == nil)
    script.wait(10 * Script.second - 1000)
    let events = script.figures(
      "/a",
      [
        (.cpuUsage, 16_000_000_000), (.cpuPeriods, 110), (.cpuThrottledPeriods, 61), (.bytesRead, 2100),
        (.bytesWritten, 5),
      ])
    #expect(row.rates.cores == 1.5)
    #expect(row.rates.throttledPercent == 60)
    #expect(row.rates.readPerSecond == 200)
    #expect(row.rates.writtenPerSecond == 0)
    #expect(events.map(\.kind) == [.cpuThrottled])
    // A reading of a sign in between disturbs nothing.
    script.figures("/a", [(.oomKills, 0)])
    #expect(row.rates.cores == 1.5)
    script.wait(Script.second)
    script.figures("/a", first)
    #expect(row.rates.cores == nil)
  }

  @Test("an unvouched claim counts once the processes of that container are in the cgroup, and stays")
  func vouchedByProcesses() {
    var script = Script()
    let path = "/lxc.payload.c9"
    #expect(
      script.cgroup(.cgroupCreated, path) { $0.claim("c9", .lxc, vouched: false) }.first?.container == nil)
    script.fork(1, 50)
    script.exec(50, "/bin/sh") {
      $0.append(.cgroup, Array(path.utf8).span)
      $0.claim("c9", .lxc, vouched: false)
      $0.namespaces { $0.mnt = 99 }
    }
    let inside = script.figures(path, [(.pidsLimitHits, 1)]) { $0.claim("c9", .lxc, vouched: false) }
    #expect(inside.first?.container?.id == Array("c9".utf8))
    // The same claim elsewhere is somebody else's.
    script.cgroup(.cgroupCreated, "/user.slice\(path)") { $0.claim("c9", .lxc, vouched: false) }
    let elsewhere = script.figures("/user.slice\(path)", [(.oomKills, 1)])
    #expect(elsewhere.map(\.kind) == [.oomKilled])
    #expect(elsewhere.first?.container == nil)
    script.apply(.exited, 50)
    #expect(script.figures(path, [(.oomKills, 1)]).first?.container?.id == Array("c9".utf8))
  }

  @Test("a forged claim never counts")
  func forged() {
    var script = Script()
    let events = script.cgroup(.cgroupCreated, "/docker/c1") {
      $0.claim("c1", vouched: true)
      $0.append(.containerVouched, UInt8(2))
    }
    #expect(events.first?.container == nil)
    #expect(events.first?.cgroup?.claim?.id == Array("c1".utf8))
  }

  @Test("the figures of a process are those of the nearest cgroup around it that was read")
  func nearest() {
    var script = Script()
    script.figures("/a.slice", [(.pidsCount, 9)])
    script.figures("/a.slice/b.service", [(.pidsCount, 3)])
    script.cgroup(.cgroupCreated, "/a.slice/b.service/inner")
    func count(_ path: String) -> UInt64? {
      script.model.cgroups.nearest(Array(path.utf8))?.figures[.pidsCount]
    }
    #expect(count("/a.slice/b.service/inner/most") == 3)
    #expect(count("/a.slice/b.service2") == 9)
    #expect(count("/") == nil)
    #expect(count("") == nil)
    #expect(count("relative") == nil)
  }

  @Test("the table is bounded, and what has no room is counted")
  func bounded() {
    var script = Script()
    for number in 0..<16_400 { script.cgroup(.cgroupCreated, "/\(number)") }
    #expect(script.model.cgroups.count == 16_384)
    #expect(script.model.unfollowedCgroups == 16)
  }

  @Test("a record without a path, or with figures that nobody knows, is nothing")
  func garbage() {
    var script = Script()
    #expect(script.apply(.cgroupState, 0, from: .cgroup).isEmpty)
    #expect(
      script.apply(.cgroupState, 0, from: .cgroup) {
        $0.append(.cgroup, Array("/a".utf8).span)
        $0.append(.figures, [99, 1, UInt64.max, 2, 0] as [UInt64])
      }.isEmpty)
  }
}

extension Script {
  @discardableResult
  fileprivate mutating func cgroup(
    _ kind: RecordKind, _ path: String, _ fill: (inout RecordWriter) -> Void = { _ in }
  ) -> [Event] {
    apply(kind, 0, from: .cgroup) {
      $0.append(.cgroup, Array(path.utf8).span)
      fill(&$0)
    }
  }

  @discardableResult
  fileprivate mutating func figures(
    _ path: String, _ figures: [(CgroupFigure, UInt64)], _ fill: (inout RecordWriter) -> Void = { _ in }
  ) -> [Event] {
    cgroup(.cgroupState, path) {
      $0.append(.figures, figures.flatMap { [$0.0.rawValue, $0.1] })
      fill(&$0)
    }
  }
}

extension Event {
  fileprivate var counts: [UInt64]? {
    if case .count(let before, let after) = change { [before, after] } else { nil }
  }
}
