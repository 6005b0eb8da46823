@testable import Host
import Testing

/// The files of a cgroup, as found on Linux 6.1 (version 2) and 6.18 (version 1).
@Suite struct CgroupFilesTests {
  @Test("memory.events tells of kills and of the limit")
  func memoryEvents() {
    let file = "low 0\nhigh 0\nmax 17\noom 3\noom_kill 2\noom_group_kill 0\n"
    #expect(MemoryEvents(text: file) == MemoryEvents(text: "oom_kill 2\nmax 17\n"))
    #expect(MemoryEvents(text: file)?.oomKills == 2)
    #expect(MemoryEvents(text: file)?.limitHits == 17)
  }

  @Test(
    "a torn or strange memory.events is none",
    arguments: [
      "", "\n", "oom_kill", "oom_kill 1", "max 1\noom_kill 2", "max 1\n", "oom_kill -1\nmax 1\n",
      "oom_kill 18446744073709551616\nmax 0\n", "max 0\noom_kill 1 2\n", "xoom_kill 1\nmax 1\n",
    ])
  func tornMemoryEvents(text: String) { #expect(MemoryEvents(text: text) == nil) }

  @Test("memory.oom_control of version 1 tells of kills since Linux 4.13")
  func oomControl() {
    #expect(MemoryOOMControl(text: "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n")?.oomKills == 1)
    #expect(MemoryOOMControl(text: "oom_kill_disable 0\nunder_oom 0\n") == nil)
    #expect(MemoryOOMControl(text: "oom_kill_disable 0\nunder_oom 0\noom_kill 1") == nil)
  }

  @Test("vmstat tells the kills of the whole machine, and those of cgroups are not among other keys")
  func vmstat() {
    let text = "nr_free_pages 1\noom_kill 5\ndrop_slab 0\nthp_split_page_failed 0\n"
    #expect(VMStat(parsing: Array(text.utf8).span)?.oomKills == 5)
    #expect(VMStat(parsing: Array("nr_free_pages 1\n".utf8).span) == nil)
    #expect(VMStat(parsing: Array("oom_kill 5".utf8).span) == nil)
  }

  @Test("a file that is kept open tells what it holds now, and one that is not there is none")
  func kept() throws {
    let scratch = Scratch()
    try scratch.write(Array("max 1\n".utf8), to: "/a/pids.events")
    let tree = CgroupHierarchy(version: .one, mountPoint: [], controllers: [.pids], isNamed: false)
    var directory = CgroupDirectory(root: HostRoot(scratch.path), tree)
    directory.select(Array("/a".utf8))
    let opened = directory.keep(.pidsEvents)
    let file = try #require(opened)
    var buffer = ReadBuffer()
    for _ in 0..<2 {
      #expect(file.read(into: &buffer) == .complete)
      #expect(buffer.text() == "max 1\n")
    }
    try scratch.write(Array("max 22\n".utf8), to: "/a/pids.events")
    #expect(file.read(into: &buffer) == .complete)
    #expect(buffer.text() == "max 22\n")
    let isKept = directory.keep(.memoryEvents) != nil
    #expect(!isKept)
  }

  @Test("pids.events tells how often the limit was reached")
  func pidsEvents() {
    #expect(PidsEvents(text: "max 0\n")?.limitHits == 0)
    #expect(PidsEvents(text: "max 18446744073709551615\n")?.limitHits == .max)
    for text in ["", "max", "max \n", "max x\n", "maximum 3\n"] { #expect(PidsEvents(text: text) == nil) }
  }

  @Test("cgroup.events tells whether it is populated and frozen; frozen is missing before 5.2")
  func cgroupEvents() {
    #expect(CgroupEvents(text: "populated 1\nfrozen 0\n") == CgroupEvents(text: "frozen 0\npopulated 1\n"))
    #expect(CgroupEvents(text: "populated 0\nfrozen 1\n")?.isFrozen == true)
    #expect(CgroupEvents(text: "populated 1\n")?.isFrozen == false)
    #expect(CgroupEvents(text: "frozen 1\n") == nil)
  }

  @Test(
    "freezer.state is one of three words",
    arguments: [
      ("THAWED\n", FreezerState.thawed), ("FREEZING\n", .freezing), ("FROZEN\n", .frozen), ("FROZEN", nil),
      ("", nil), ("\n", nil), ("frozen\n", nil),
    ])
  func freezer(text: String, expected: FreezerState?) { #expect(FreezerState(text: text) == expected) }

  @Test(
    "for how long a cgroup was frozen is told from Linux 6.18 on, in whole lines",
    arguments: [
      ("frozen_usec 2167117\n", UInt64(2_167_117_000)), ("new_key 1\nfrozen_usec 0\n", 0), ("", nil),
      ("frozen_usec 21", nil), ("frozen_usec -1\n", nil), ("populated 1\n", nil),
      ("frozen_usec 18446744073709551615\n", nil),
    ])
  func frozenTime(text: String, expected: UInt64?) {
    #expect(CgroupStatLocal(parsing: Array(text.utf8).span)?.frozenNanoseconds == expected)
  }

  @Test(
    "a number or no limit",
    arguments: [
      ("344064\n", .value(344_064)), ("0\n", .value(0)), ("max\n", .unlimited), ("-1\n", .unlimited),
      // No limit in version 1: with pages of 4 and of 64 KiB.
      ("9223372036854771712\n", .unlimited), ("9223372036854710272\n", .unlimited),
      ("18446744073709551615\n", .unlimited), ("1073741824\n", .value(1 << 30)),
      ("18446744073709551616\n", nil), ("max", nil), ("maximum\n", nil), ("5", nil), ("5 \n", nil), ("", nil),
      ("-2\n", nil),
    ] as [(String, CgroupNumber?)])
  func numbers(text: String, expected: CgroupNumber?) { #expect(CgroupNumber(text: text) == expected) }

  @Test(
    "the limits of a container are read where its cgroup says",
    arguments: [
      (
        "docker-limits", .one, "/docker/acaff4fe1961cdab440ec0dc09f0dff0a7b37309e65214e6d715be7adb7e15b4",
        64 << 20, 50, 500
      ),
      ("runc-nolimits", .one, "/posture/runc-nolimits", nil, nil, nil),
      // systemd limits the processes of every unit.
      (
        "v2-docker-default", .two,
        "/system.slice/docker-282f98d0112766c9a68de16f413ed0c6c37b202c797d13c2f3bdf5c0236c8756.scope",
        nil, 2362, nil
      ),
    ] as [(String, CgroupHierarchy.Version, String, UInt64?, UInt64?, UInt64?)])
  func limits(
    name: String, version: CgroupHierarchy.Version, path: String, memory: UInt64?, pids: UInt64?,
    milliCores: UInt64?
  ) throws {
    func text(_ file: CgroupFileName, _ controller: String) throws -> String {
      let point = "/sys/fs/cgroup" + (version == .one ? "/\(controller)" : "")
      let tree = CgroupHierarchy(
        version: version, mountPoint: Array(point.utf8), controllers: [], isNamed: false)
      var directory = CgroupDirectory(root: Fixture.root(name), tree)
      directory.select(Array(path.utf8))
      var buffer = ReadBuffer()
      let outcome = directory.read(file, into: &buffer)
      try #require(outcome == .complete)
      return buffer.text()
    }
    func number(_ file: CgroupFileName, _ controller: String) throws -> CgroupNumber {
      try #require(CgroupNumber(text: try text(file, controller)))
    }
    #expect(try number(version == .one ? .memoryLimit : .memoryMax, "memory").value == memory)
    #expect(try number(.pidsMax, "pids").value == pids)
    let cpu =
      version == .one
      ? CPUMax(quota: try number(.cpuQuota, "cpu"), period: try number(.cpuPeriod, "cpu"))
      : CPUMax(text: try text(.cpuMax, "cpu"))
    #expect(try #require(cpu).milliCores == milliCores)
  }

  @Test("cpu.stat of version 2 tells usage; with the controller, throttling")
  func cpuStatTwo() {
    let stat = CPUStat(
      text: """
        usage_usec 1282394
        user_usec 385268
        system_usec 897125
        nr_periods 12
        nr_throttled 5
        throttled_usec 70
        nr_bursts 0
        burst_usec 0

        """)
    #expect(stat?.usageNanoseconds == 1_282_394_000)
    #expect(stat?.periods == 12)
    #expect(stat?.throttledPeriods == 5)
    #expect(stat?.throttledNanoseconds == 70_000)
    let bare = CPUStat(text: "usage_usec 186171\nuser_usec 66822\nsystem_usec 119349\nnice_usec 0\n")
    #expect(bare?.usageNanoseconds == 186_171_000)
    #expect(bare?.periods == nil)
  }

  @Test("cpu.stat of version 1 tells throttling in nanoseconds, and no usage")
  func cpuStatOne() {
    let stat = CPUStat(
      text: "nr_periods 4\nnr_throttled 1\nthrottled_time 99\nnr_bursts 0\nburst_time 0\n")
    #expect(stat?.usageNanoseconds == nil)
    #expect(stat?.periods == 4)
    #expect(stat?.throttledNanoseconds == 99)
  }

  @Test(
    "a torn cpu.stat is none", arguments: ["", "usage_usec 1", "nr_throttled 3\n", "usage_usec x\n", "\n\n"])
  func tornCPUStat(text: String) { #expect(CPUStat(text: text) == nil) }

  @Test(
    "cpu.max is a quota a period, or none",
    arguments: [
      ("max 100000\n", nil, 100_000, nil), ("50000 100000\n", 50_000, 100_000, 500),
      ("300000 100000\n", 300_000, 100_000, 3000), ("18446744073709551615 1000\n", .max, 1000, .max / 1000),
    ] as [(String, UInt64?, UInt64, UInt64?)])
  func cpuMax(text: String, quota: UInt64?, period: UInt64, milliCores: UInt64?) throws {
    let max = try #require(CPUMax(text: text))
    #expect(max.quotaMicroseconds == quota)
    #expect(max.periodMicroseconds == period)
    #expect(max.milliCores == milliCores)
  }

  @Test(
    "a torn cpu.max is none", arguments: ["", "max\n", "max 0\n", "1 0\n", "1 x\n", "1 1", "x 1\n", " 1\n"])
  func tornCPUMax(text: String) { #expect(CPUMax(text: text) == nil) }

  @Test("the quota of version 1 is in two files")
  func quotaAndPeriod() throws {
    let none = try #require(CgroupNumber(text: "-1\n"))
    #expect(CPUMax(quota: none, period: .value(100_000))?.milliCores == nil)
    #expect(CPUMax(quota: .value(25_000), period: .value(100_000))?.milliCores == 250)
    #expect(CPUMax(quota: .value(1), period: .unlimited) == nil)
  }

  @Test("io.stat is summed over devices, and may be empty")
  func ioStat() {
    let stat = IOStat(
      text: """
        254:0 rbytes=24576 wbytes=7 rios=1 wios=0 dbytes=0 dios=0
        8:0 rbytes=1 wbytes=2 rios=1 wios=0 dbytes=0 dios=0 cost.usage=3
        7:1

        """)
    #expect(stat?.bytesRead == 24_577)
    #expect(stat?.bytesWritten == 9)
    #expect(IOStat(text: "") == IOStat(text: "\n"))
    #expect(IOStat(text: "8:0 rbytes=1") == nil)
    #expect(IOStat(text: "8:0 rbytes=x wbytes=18446744073709551616\n")?.bytesWritten == 0)
  }

  @Test("blkio of version 1 tells reads and writes on lines of their own")
  func blkio() {
    let text = "254:0 Read 4096\n254:0 Write 8192\n254:0 Sync 1\n254:0 Total 12288\n8:0 Read 1\nTotal 12289\n"
    let stat = IOStat(serviceBytes: text)
    #expect(stat?.bytesRead == 4097)
    #expect(stat?.bytesWritten == 8192)
    #expect(IOStat(serviceBytes: "Total 0\n")?.bytesRead == 0)
    #expect(IOStat(serviceBytes: "Total 0") == nil)
  }

  @Test("pressure is read in hundredths of a per cent")
  func pressure() throws {
    let pressure = try #require(
      Pressure(
        text: """
          some avg10=0.47 avg60=10.04 avg300=100.00 total=154197
          full avg10=0.39 avg60=0.11 avg300=0.02 total=109410

          """))
    #expect(pressure.some.tenSeconds == 47)
    #expect(pressure.some.oneMinute == 1004)
    #expect(pressure.some.fiveMinutes == 10_000)
    #expect(pressure.some.totalMicroseconds == 154_197)
    #expect(pressure.full?.tenSeconds == 39)
    // Of the CPU the kernel told no full pressure before 5.13.
    #expect(Pressure(text: "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\n")?.full == nil)
  }

  @Test(
    "torn pressure is none",
    arguments: [
      "", "some", "some avg10=0.00 avg60=0.00 avg300=0.00 total=0",
      "some avg10=0.0 avg60=0.00 avg300=0.00 total=0\n", "some avg10=1 avg60=0.00 avg300=0.00 total=0\n",
      "some avg10=-1.00 avg60=0.00 avg300=0.00 total=0\n", "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
      "some avg10=99999999.00 avg60=0.00 avg300=0.00 total=0\n",
    ])
  func tornPressure(text: String) { #expect(Pressure(text: text) == nil) }

  @Test("spoilt input never traps")
  func fuzz() {
    let seeds = [
      "low 0\nmax 1\noom_kill 2\n", "populated 1\nfrozen 0\n", "9223372036854771712\n", "50000 100000\n",
      "8:0 rbytes=1 wbytes=2\n", "8:0 Read 3\nTotal 3\n", "usage_usec 3\nnr_periods 1\n",
      "some avg10=0.47 avg60=0.14 avg300=0.03 total=154197\n",
    ].map { Array($0.utf8) }
    Mutation.forEach(of: seeds) { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      _ = MemoryEvents(parsing: bytes.span)
      _ = MemoryOOMControl(parsing: bytes.span)
      _ = PidsEvents(parsing: bytes.span)
      _ = CgroupEvents(parsing: bytes.span)
      _ = CgroupNumber(parsing: bytes.span)
      _ = CPUMax(parsing: bytes.span)?.milliCores
      _ = CPUStat(parsing: bytes.span)
      _ = IOStat(parsing: bytes.span)
      _ = IOStat(parsingServiceBytes: bytes.span)
      if let pressure = Pressure(parsing: bytes.span) { #expect(text.contains("some"), "\(pressure)") }
    }
  }
}

extension MemoryEvents { fileprivate init?(text: String) { self.init(parsing: Array(text.utf8).span) } }
extension MemoryOOMControl { fileprivate init?(text: String) { self.init(parsing: Array(text.utf8).span) } }
extension PidsEvents { fileprivate init?(text: String) { self.init(parsing: Array(text.utf8).span) } }
extension CgroupEvents { fileprivate init?(text: String) { self.init(parsing: Array(text.utf8).span) } }
extension FreezerState { fileprivate init?(text: String) { self.init(parsing: Array(text.utf8).span) } }
extension CgroupNumber { fileprivate init?(text: String) { self.init(parsing: Array(text.utf8).span) } }
extension CPUStat { fileprivate init?(text: String) { self.init(parsing: Array(text.utf8).span) } }
extension CPUMax { fileprivate init?(text: String) { self.init(parsing: Array(text.utf8).span) } }
extension IOStat {
  fileprivate init?(text: String) { self.init(parsing: Array(text.utf8).span) }
  fileprivate init?(serviceBytes text: String) { self.init(parsingServiceBytes: Array(text.utf8).span) }
}
extension Pressure { fileprivate init?(text: String) { self.init(parsing: Array(text.utf8).span) } }
