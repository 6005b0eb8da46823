import Events
import Glibc
import Host
import Model
import Synchronization
import System
import Testing

@testable import Monitor

/// The source on a tree of version 2 with every controller, which this machine's kernel need not have: directories and
/// files of a file system tell of changes just as those of cgroups do.
@Suite(.serialized) struct CgroupSourceTests {
  private static let id = String(repeating: "c0de", count: 16)

  @Test("what was there is no event; what comes, changes and goes is one, with before and after")
  func life() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    try tree.makeCgroup("/old.slice", files: ["memory.events.local": "max 0\noom_kill 4\n"])
    try tree.makeCgroup("/old.slice/db.service")
    let rig = try CgroupRig(tree.host)
    try rig.run {
      try tree.makeCgroup("/new.service")
      try rig.sight(.cgroupCreated, "/new.service")
      try tree.change("max 9\noom_kill 6\n", in: "cg/old.slice/memory.events.local")
      #expect(try rig.sight(.oomKilled, "/old.slice").counts == [4, 6])
      try tree.change("max 3\n", in: "cg/new.service/pids.events.local")
      #expect(try rig.sight(.pidsLimitReached, "/new.service").counts == [0, 3])
      // What the cgroup itself did not do is told of those above it too, and counts once.
      try tree.change("max 0\noom_kill 7\n", in: "cg/old.slice/memory.events")
      try tree.change("populated 1\nfrozen 1\n", in: "cg/old.slice/db.service/cgroup.events")
      try rig.sight(.cgroupFrozen, "/old.slice/db.service")
      try tree.change("populated 1\nfrozen 0\n", in: "cg/old.slice/db.service/cgroup.events")
      try rig.sight(.cgroupThawed, "/old.slice/db.service")
      try tree.removeFilesAndDirectory("cg/old.slice/db.service")
      try rig.sight(.cgroupRemoved, "/old.slice/db.service")
    }
    #expect(rig.count(.cgroupCreated) == 1)
    #expect(rig.count(.oomKilled) == 1)
    #expect(rig.losses == [:])
  }

  @Test("the end of a cgroup that was there at the start is told, though nothing of it is read")
  func lifeAlone() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    try tree.makeCgroup("/old.service")
    let rig = try CgroupRig(tree.host, needs: .cgroupLife)
    try rig.run {
      try tree.removeFilesAndDirectory("cg/old.service")
      try rig.sight(.cgroupRemoved, "/old.service")
    }
    #expect(rig.count(.cgroupCreated) == 0)
  }

  @Test("a changed file is told of by itself, whatever the kernel still knows of its directory")
  func file() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    try tree.makeCgroup("/a.service")
    // A change by another name is none in the directory.
    try tree.link("cg/a.service/memory.events.local", to: "elsewhere")
    let rig = try CgroupRig(tree.host, interval: 3600)
    try rig.run {
      try tree.change("max 0\noom_kill 2\n", in: "elsewhere")
      #expect(try rig.sight(.oomKilled, "/a.service").counts == [0, 2])
    }
  }

  @Test("a change that nothing tells of is read on the clock, and the file is watched from then on")
  func clock() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    try tree.makeCgroup("/a.service")
    let rig = try CgroupRig(tree.host)
    try rig.run {
      try tree.write("max 7\n", to: "/pids.events.local")
      try tree.rename("pids.events.local", to: "cg/a.service/pids.events.local")
      #expect(try rig.sight(.pidsLimitReached, "/a.service").counts == [0, 7])
      try tree.change("max 8\n", in: "cg/a.service/pids.events.local")
      #expect(try rig.sight(.pidsLimitReached, "/a.service") { $0.counts[1] == 8 }.counts == [7, 8])
    }
  }

  @Test(
    "in this machine's own tree of version 2 freezing is told, and no watch is left of what is removed",
    .enabled(if: UnifiedCgroup.isPossible, "needs a tree of cgroups of version 2 that may be written"))
  func live() throws {
    let rig = try CgroupRig(.live, needs: [.cgroupLife, .freezing], interval: 3600)
    try rig.run {
      for round in 0..<5 {
        let cgroup = try UnifiedCgroup("windhover-test-\(getpid())-\(round)")
        try rig.sight(.cgroupCreated, cgroup.path)
        for (text, kind) in [("1", EventKind.cgroupFrozen), ("0", .cgroupThawed)] {
          try cgroup.write(text, to: "cgroup.freeze")
          try rig.sight(kind, cgroup.path)
        }
        let words = try [".", "cgroup.events"].map(cgroup.watchWords)
        for words in words { #expect(try InotifyWatches.has(words)) }
        try cgroup.remove()
        try rig.sight(.cgroupRemoved, cgroup.path)
        for words in words { #expect(try rig.wait { try !InotifyWatches.has(words) }) }
      }
    }
  }

  @Test(
    "a container's cgroup is known by its claim, counts once a runtime's file vouches, and is asked about at once"
  )
  func container() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    try tree.makeCgroup("/docker")
    let path = "/docker/\(Self.id)"
    try tree.write(
      "{\"id\":\"\(Self.id)\",\"init_process_pid\":1,\"init_process_start\":2,\"cgroup_paths\":{\"\":\"/sys/fs/cgroup\(path)\"}}",
      to: "/run/docker/runtime-runc/moby/\(Self.id)/state.json")
    let rig = try CgroupRig(tree.host, needs: .cgroups.union(.containerMetadata))
    rig.surroundings.containerRequests.beginService(losses: LossCounters())
    try rig.run {
      try tree.makeCgroup(path)
      #expect(try rig.sight(.cgroupCreated, path).container == Self.id)
      try tree.makeCgroup(path + "/inner")
      try tree.change("max 0\noom_kill 1\n", in: "cg\(path)/inner/memory.events.local")
      #expect(try rig.sight(.oomKilled, path + "/inner").container == Self.id)
      try tree.removeFilesAndDirectory("cg\(path)/inner")
      try tree.removeFilesAndDirectory("cg\(path)")
      try rig.sight(.cgroupRemoved, path)
    }
    let asked = rig.surroundings.containerRequests.take().requests
    #expect(asked.contains { $0.id == Array(Self.id.utf8) && $0.cgroup == Array(path.utf8) }, "\(asked)")
  }

  @Test("figures are those of containers and units, limits the least of those above, and rates follow")
  func figures() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    try tree.makeCgroup(
      "/a.slice", files: ["memory.max": "1000000\n", "cpu.max": "50000 100000\n", "pids.max": "9\n"])
    let unit = "/a.slice/b.service"
    try tree.makeCgroup(
      unit,
      files: [
        "memory.max": "2000000\n", "memory.current": "950000\n", "pids.max": "5\n",
        "io.stat": "8:0 rbytes=10 wbytes=20 rios=1 wios=1 dbytes=0 dios=0\n",
      ])
    let rig = try CgroupRig(tree.host)
    try rig.run {
      let near = try rig.sight(.memoryNearLimit, unit).figures
      #expect(near[.memoryLimit] == 1_000_000)
      #expect(near[.memoryUsage] == 950_000)
      #expect(near[.pidsLimit] == 5)
      #expect(near[.cpuQuota] == 500)
      #expect(near[.bytesWritten] == 20)
      #expect(near[.cpuPressure] == 150)
      // Between two readings a second apart, or more on a busy machine.
      try tree.change(
        "usage_usec 2001000\nnr_periods 10\nnr_throttled 8\nthrottled_usec 1\n", in: "cg\(unit)/cpu.stat")
      let throttled = try rig.sight(.cpuThrottled, unit)
      #expect(try #require(throttled.cores) > 0.02)
      #expect(try #require(throttled.cores) < 2.5)
    }
    #expect(rig.sights.withLock { $0.allSatisfy { $0.path == unit } })
  }

  @Test("names of any bytes and of 255 of them are followed, and directories that come many at once")
  func hostile() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    let rig = try CgroupRig(tree.host)
    let names = [
      " ", "a b\tc", "\u{1B}[2J", "line\nfeed", String(repeating: "x", count: 255), "ünï",
      "%s%n", "..a", "docker-\(Self.id).scope", "0::", "..scope", "-", "\\x2d",
    ]
    try rig.run {
      for name in names { try tree.makeDirectory("cg/\(name)") }
      // Each inside the other, faster than they can be watched.
      var path = "cg"
      for _ in 0..<40 {
        path += "/deep"
        try tree.makeDirectory(path)
      }
      // A path that would be read as two lines.
      try tree.makeDirectory("cg/x\n0::")
      try tree.makeDirectory("cg/x\n0::/docker-\(Self.id).scope")
      try rig.sight(.cgroupCreated, "/x\n0::/docker-\(Self.id).scope")
      for name in names { try rig.sight(.cgroupCreated, "/" + name) }
      try rig.sight(.cgroupCreated, String(path.dropFirst(2)))
      for name in names { try tree.removeDirectory("cg/\(name)") }
      for name in names { try rig.sight(.cgroupRemoved, "/" + name) }
    }
    #expect(rig.count(.cgroupCreated) == names.count + 42)
    #expect(rig.sights.withLock { $0.allSatisfy { $0.container == nil } }, "no claim here is vouched for")
  }

  @Test("when the kernel's queue was full that is counted, and a look at everything finds what is there")
  func overflow() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    try tree.makeDirectory("cg/gone.slice")
    let rig = try CgroupRig(tree.host, needs: [.cgroupLife])
    // The root is watched from here on, and nobody reads yet.
    try rig.source.open()
    try tree.flood("cg")
    try tree.makeDirectory("cg/left.slice")
    try rig.run {
      #expect(rig.wait(60_000) { rig.losses[.watchOverflow] != nil })
      try tree.makeDirectory("cg/later.slice")
      try rig.sight(.cgroupCreated, "/later.slice")
      #expect(rig.wait { rig.count(.cgroupCreated) == rig.count(.cgroupRemoved) + 1 })
    }
    #expect(rig.losses[.watchOverflow] == 1)
  }

  @Test("a cgroup that was removed and made again while the kernel's queue was full is another, and watched")
  func remade() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    for path in ["/same.service", "/same.service/inner", "/kept.service"] { try tree.makeCgroup(path) }
    let rig = try CgroupRig(tree.host, needs: [.cgroupLife, .freezing])
    try rig.source.start()
    #expect(rig.wait { rig.source.isWatching })
    // Nobody takes the records: soon there is no room for more, and the source stands still.
    for round in 0..<3000 {
      try tree.makeDirectory("cg/\(round)")
      try tree.removeDirectory("cg/\(round)")
    }
    try tree.flood("cg")
    try tree.removeFilesAndDirectory("cg/same.service/inner")
    try tree.removeFilesAndDirectory("cg/same.service")
    try tree.makeCgroup("/same.service")
    try rig.run(startsSource: false) {
      #expect(rig.wait(60_000) { rig.losses[.watchOverflow] != nil })
      try rig.sight(.cgroupRemoved, "/same.service/inner")
      try rig.sight(.cgroupRemoved, "/same.service")
      try rig.sight(.cgroupCreated, "/same.service")
      for name in ["/same.service/new", "/kept.service/new"] {
        try tree.makeDirectory("cg" + name)
        try rig.sight(.cgroupCreated, name)
      }
    }
    #expect(rig.sights.withLock { !$0.contains { $0.path == "/kept.service" } })
  }

  @Test("there is a limit to how many cgroups are followed, and those beyond it are counted")
  func limit() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    for number in 0..<CgroupWork.cgroupLimit + 10 { try tree.makeDirectory("cg/\(number)") }
    let rig = try CgroupRig(tree.host, needs: [.cgroupLife])
    try rig.run { #expect(rig.wait { rig.losses[.unwatched] == 10 }) }
  }

  @Test(
    "a user with a delegated cgroup gets a quarter of the room, and all of them three",
    .enabled(if: getuid() == 0, "needs root, to give directories away"))
  func delegated() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    let quarter = CgroupWork.cgroupLimit / 4
    for (user, count) in [(UInt32(1001), quarter + 3), (1002, 1)] {
      for number in 0..<count {
        try tree.makeDirectory("cg/\(user)-\(number)")
        try tree.give("cg/\(user)-\(number)", to: user)
      }
    }
    let rig = try CgroupRig(tree.host, needs: [.cgroupLife])
    try rig.run {
      #expect(rig.wait { rig.losses[.unwatched] == 3 })
      try tree.makeDirectory("cg/new.service")
      try rig.sight(.cgroupCreated, "/new.service")
    }
    #expect(rig.losses[.unwatched] == 3)

    var known = CgroupTree()
    for (number, owner) in [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3)] as [(UInt8, UInt32)] {
      #expect(known.hasRoom(for: owner, limit: 8))
      known.insert(CgroupNode(path: [47, number], owner: owner, metAt: 0, wasSeenMade: true))
    }
    #expect([0, 1, 4].map { known.hasRoom(for: $0, limit: 8) } == [true, false, false])
    known.node([47, 0])?.trees = 1
    #expect(known.leave([47, 0], 0) != nil)
    #expect([0, 1, 4].map { known.hasRoom(for: $0, limit: 8) } == [true, true, true])
  }

  @Test(
    "of the watches that a user may have a quarter is used at most",
    arguments: [(nil, 32_768), ("8192\n", 2048), ("1048576\n", 32_768), ("many\n", 32_768)]
      as [(String?, Int)])
  func watchLimit(allowed: String?, limit: Int) throws {
    let tree = try HostTree()
    if let allowed { try tree.write(allowed, to: "/proc/sys/fs/inotify/max_user_watches") }
    #expect(CgroupWatches.limit(on: tree.host) == limit)
  }

  @Test("cgroups beyond the limit on watches are counted")
  func fewWatches() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    try tree.write("40\n", to: "/proc/sys/fs/inotify/max_user_watches")
    // The root takes one of the ten.
    for number in 0..<12 { try tree.makeDirectory("cg/\(number)") }
    let rig = try CgroupRig(tree.host, needs: [.cgroupLife])
    try rig.run { #expect(rig.wait { rig.losses[.unwatched] == 3 }) }
  }

  @Test("files that cannot be understood are counted, and no event")
  func garbage() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    try tree.makeCgroup("/a.service")
    let rig = try CgroupRig(tree.host, needs: [.oomKills, .pidsLimitHits, .freezing])
    try rig.run {
      #expect(rig.wait { rig.source.feed.recordCount > 0 })
      try tree.change("oom_kill many\n", in: "cg/a.service/memory.events.local")
      try tree.change("max 18446744073709551616\n", in: "cg/a.service/pids.events.local")
      try tree.change("x\u{0}pulated", in: "cg/a.service/cgroup.events")
      #expect(rig.wait { (rig.losses[.unreadable] ?? 0) >= 3 })
    }
    #expect(rig.sights.withLock { $0.isEmpty })
  }

  @Test("a host without cgroups has no such source, and one without a controller says what that costs")
  func shortcomings() throws {
    let tree = try HostTree()
    #expect(throws: SourceError.self) { _ = try CgroupRig(tree.host) }
    try tree.mountUnified()
    try tree.write("cpuset cpu\n", to: "/cg/cgroup.controllers")
    let status = try CgroupRig(tree.host).source.status
    #expect(status.details.first == "version 2")
    #expect(status.shortcomings.contains("no memory controller: kills for want of memory are not seen"))
    #expect(status.shortcomings.contains("no io controller: what cgroups read and write is not known"))
    let modest = try CgroupRig(tree.host, needs: [.freezing]).source.status
    #expect(modest.shortcomings == [])
  }

  @Test("rules that want nothing of cgroups leave the source closed")
  func needs() {
    #expect(!CgroupSource.isNeeded(for: [.arguments, .exe]))
    #expect(CgroupSource.isNeeded(for: .oomKills))
    #expect(CgroupSource.isNeeded(for: .cgroup), "the metadata of containers begins with their cgroup")
  }

  @Test(
    "polls of version 1 are as far apart as half a thousandth of a core allows",
    arguments: [(0, 200), (100_000, 200), (1_000_000, 2000), (90_000_000, 5000)] as [(UInt64, UInt64)])
  func pace(cost: UInt64, milliseconds: UInt64) {
    #expect(CgroupPace.pollInterval(afterCost: cost) == milliseconds * 1_000_000)
  }

  @Test(
    "a kill that no cgroup tells of is counted once it was missing twice, and never one that is told late")
  func witness() {
    var witness = OOMWitness()
    #expect(witness.compare(100) == 0, "what was before the agent is not ours")
    #expect(witness.compare(103) == 0)
    witness.attribute(1)
    #expect(witness.compare(103) == 2)
    #expect(witness.compare(103) == 0)
    #expect(witness.compare(104) == 0)
    witness.attribute(1)
    #expect(witness.compare(104) == 0)
    witness.attribute(5)
    #expect(witness.compare(105) == 0)
    #expect(witness.compare(1) == 0)
  }

  @Test("who works too much rests until three tenths of the time make up for it, however long the work was")
  func rest() {
    var pace = CgroupPace()
    #expect(pace.rest(now: 0, cpu: 0) == 0)
    // 300 ms are in store, and 120 ms are earned.
    #expect(pace.rest(now: 400_000_000, cpu: 420_000_000) == 0)
    #expect(pace.rest(now: 500_000_000, cpu: 480_000_000) == 101)
    #expect(pace.rest(now: 600_000_000, cpu: 480_000_000) == 0)
    // One piece of work that took three seconds is paid for.
    #expect(pace.rest(now: 3_600_000_000, cpu: 3_480_000_000) == 7001)
    #expect(pace.rest(now: 10_600_000_000, cpu: 3_480_000_000) == 0)
    // An idle hour earns no more than the store.
    #expect(pace.rest(now: 3_610_600_000_000, cpu: 3_480_000_000) == 0)
    #expect(pace.rest(now: 3_610_600_000_000, cpu: 3_840_000_000) == 201)
  }

  @Test(
    "readings on the clock take a hundredth of a core at most",
    arguments: [(0, 10), (100_000_000, 10), (600_000_000, 60)] as [(UInt64, UInt64)])
  func readingInterval(cost: UInt64, seconds: UInt64) {
    #expect(CgroupPace.interval(10_000_000_000, afterCost: cost) == seconds * 1_000_000_000)
  }

  @Test("what is below a cgroup is looked for only where there is anything, and comes before it")
  func subtree() {
    var tree = CgroupTree()
    for path in ["/a", "/a/b", "/a/b/c", "/ab"] {
      let node = CgroupNode(path: Array(path.utf8), metAt: 0, wasSeenMade: true)
      node.trees = 1
      tree.insert(node)
    }
    func below(_ path: String) -> [String] {
      tree.subtree(Array(path.utf8), in: 0).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(below("/a") == ["/a/b/c", "/a/b", "/a"])
    #expect(below("/ab") == ["/ab"])
    for path in ["/a/b/c", "/a/b"] { #expect(tree.leave(Array(path.utf8), 0) != nil) }
    #expect(tree.node(Array("/a".utf8))?.childCount == 0)
    #expect(below("/a") == ["/a"])
  }

  @Test("figures are read while cgroups are made and removed as fast as can be")
  func storm() throws {
    let tree = try HostTree()
    try tree.mountUnified()
    try tree.makeCgroup("/a.service", files: ["memory.max": "1000000\n"])
    let rig = try CgroupRig(tree.host)
    let isOver = Atomic<Bool>(false)
    let storm = try NamedThread("storm") {
      while !isOver.load(ordering: .relaxed) {
        try? tree.makeDirectory("cg/x")
        try? tree.removeDirectory("cg/x")
      }
    }
    let outcome = Result {
      try rig.run {
        try rig.sight(.cgroupRemoved, "/x")
        try tree.change("950000\n", in: "cg/a.service/memory.current")
        try rig.sight(.memoryNearLimit, "/a.service")
      }
    }
    isOver.store(true, ordering: .relaxed)
    storm.join()
    try outcome.get()
  }
}
