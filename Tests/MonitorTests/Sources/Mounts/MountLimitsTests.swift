import Events
import Glibc
import Host
import System
import Testing

@testable import Monitor

@Suite struct MountLimitsTests {
  /// What is kept of a table of so many bytes with as many mounts as fit, on lines as short as can be.
  private static func kept(ofTable limit: Int) throws -> Int {
    var text = ""
    for index in 0... {
      let line = "\(index) 0 0:9 / /\(index) rw - tmpfs a rw\n"
      guard text.utf8.count + line.utf8.count <= limit else { break }
      text += line
    }
    let tree = try HostTree()
    try tree.write(text, to: "table")
    var buffer = ReadBuffer()
    #expect(tree.host.read("/table", limit: limit, into: &buffer).isRead)
    var table = MountTable()
    _ = table.replace(with: MountTable.Reading(buffer, isWhole: false))
    return table.keptBytes
  }

  @Test(
    "however many mounts a thousand namespaces have, what is kept of them stays within its bounds",
    arguments: [true, false])
  func bounded(areStrangers: Bool) throws {
    let limits = MountLimits()
    var memory = MountMemory(limits)
    var kept = 0
    var sizes: [Int: Int] = [:]
    for _ in 0..<limits.namespaces {
      let room = min(memory.room(forStranger: areStrangers), MountWatch.tableLimit)
      // Making the tables takes longer than what is to be seen here.
      let bytes = try sizes[room] ?? Self.kept(ofTable: room)
      sizes[room] = bytes
      kept += bytes
      memory.add(bytes, ofStranger: areStrangers)
    }
    let least = limits.namespaces * MountMemory.leastTable * MountMemory.keptPerByte
    #expect(kept <= (areStrangers ? limits.strangersBytes : limits.bytes) + least)
    #expect(kept > (areStrangers ? limits.strangersBytes : limits.bytes) / 2)
  }

  @Test("what strangers take leaves containers their share")
  func shares() {
    let limits = MountLimits()
    var memory = MountMemory(limits)
    memory.add(limits.strangersBytes, ofStranger: true)
    #expect(memory.room(forStranger: true) == MountMemory.leastTable)
    #expect(memory.room(forStranger: false) > MountWatch.tableLimit)
    memory.add(limits.bytes, ofStranger: false)
    #expect(memory.room(forStranger: false) == MountMemory.leastTable)
  }

  @Test(
    "a table that there is no room for is cut, and what is not seen of it is counted once",
    .enabled(if: geteuid() == 0, "mounting wants root"))
  func cut() throws {
    let surroundings = try Surroundings()
    let feed = RecordFeed(source: .mounts, capacityBytes: 256 << 10, bell: surroundings.bell)
    var watch = MountWatch(
      root: .live, hostNamespace: HostNamespaces(root: .live)[.mnt],
      limits: MountLimits(namespaces: 1000, bytes: 0, strangersBytes: 0), feed: feed,
      progress: MountProgress())
    let tree = try HostTree()
    try tree.write("", to: "go/file")
    let child = try Child([
      "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-euc",
      """
      cd "$0"; for i in $(seq 300); do mkdir $i; mount --bind $i $i; done; : > ready; exec sleep 600
      """, tree.host.path("/go"),
    ])
    defer { child.end() }
    var buffer = ReadBuffer()
    for _ in 0..<60_000 where !HostRoot.live.read(tree.host.path("/go/ready"), limit: 1, into: &buffer).isRead
    {
      Clock.sleep(milliseconds: 1)
    }
    for _ in 0..<3 {
      surroundings.witnesses.post(child.pid)
      watch.work(surroundings.witnesses)
    }
    #expect(feed.losses.all == [.init(reason: .unwatched, kind: .mount): 1])
  }

  @Test("reading tables takes a fifth of a core, however many of them change")
  func pace() {
    var pace = MountPace()
    var (now, worked) = (UInt64(1_000_000_000), UInt64(0))
    let began = now
    while now < began + 20_000_000_000 {
      guard pace.mayRead(at: now) else {
        now = pace.nextRead
        continue
      }
      let cost = UInt64(worked % 3 == 0 ? 700_000 : 9_000_000)
      now += cost
      worked += cost
      pace.spend(cost, at: now)
    }
    #expect(worked <= (now - began) / 5 + 70_000_000)
    #expect(worked >= (now - began) / 6)
  }
}
