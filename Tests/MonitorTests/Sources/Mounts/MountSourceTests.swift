import Events
import Glibc
import Host
import Model
import Rules
import Synchronization
import System
import Testing

@testable import Monitor

@Suite struct MountSourceTests {
  private struct Mounts: EventHandler {
    let seen: Mutex<[String]>.Box

    mutating func handle(_ facts: borrowing LiveFacts) {
      guard case .mount(let mount) = facts.event.change else { return }
      let text = "\(facts.event.kind) \(String(decoding: mount.point, as: UTF8.self))"
      seen.value.withLock { $0.append(text) }
    }

    mutating func tick(time: UInt64, isLast: Bool) {}
  }

  @Test(
    "what is mounted, remounted and unmounted in a namespace that it was told of is seen at once",
    .enabled(if: geteuid() == 0, "mounting wants root"))
  func changes() throws {
    let surroundings = try Surroundings()
    let source = try MountSource(SourceSetting(root: .live, needs: .mounts, surroundings: surroundings))
    let seen = Mutex<[String]>.Box([])
    let run = try SourceRun(source, surroundings, handler: Mounts(seen: seen))
    let tree = try HostTree()
    try tree.write("", to: "place/file")
    try tree.write("", to: "go/file")
    var buffer = ReadBuffer()
    // It says by a file that it is there, and waits for one before each deed: it is watched, and the one before was seen.
    let (place, trial) = (tree.host.path("/place"), tree.host.path("/trial"))
    try tree.write("", to: "trial/file")
    let child = try SpawnedProcess([
      "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-euc",
      """
      cd "$0"; echo > ready; wait_for() { until test -e "$1"; do sleep 0.01; done; }
      until test -e met; do mount -t tmpfs none "$2"; sleep 0.05; umount "$2"; sleep 0.05; done
      wait_for 0; mount -t tmpfs none "$1"; wait_for 1; mount -o remount,ro "$1"; wait_for 2; umount "$1"; wait_for 3
      """, tree.host.path("/go"), place, trial,
    ])
    let isReady = { HostRoot.live.read(tree.host.path("/go/ready"), limit: 1, into: &buffer).isRead }
    for _ in 0..<60_000 where !isReady() { Clock.sleep(milliseconds: 1) }
    surroundings.witnesses.post(child.pid)
    // What it does over and over again is seen once the first table has been read.
    for _ in 0..<60_000 where seen.value.withLock({ !$0.contains { $0.hasSuffix(trial) } }) {
      Clock.sleep(milliseconds: 1)
    }
    try tree.write("", to: "go/met")
    for deed in 0...3 {
      for _ in 0..<60_000 where seen.value.withLock({ $0.filter { $0.hasSuffix(place) }.count }) < deed {
        Clock.sleep(milliseconds: 1)
      }
      try tree.write("", to: "go/\(deed)")
    }
    let outcome = try child.finish()
    #expect(outcome.end == .exited(0))
    run.end()
    let own = seen.value.withLock { $0.filter { $0.hasSuffix(place) } }
    #expect(own == ["mounted \(place)", "mounted \(place)", "unmounted \(place)"])
  }

  @Test(
    "of a namespace that was met before it had a root directory of its own, the container's mounts are told once it has",
    .enabled(
      if: Child.canMountBusybox, "mounting wants root, and busybox-static"))
  func metTooEarly() throws {
    let surroundings = try Surroundings()
    let feed = RecordFeed(source: .mounts, capacityBytes: 256 << 10, bell: surroundings.bell)
    let own = try #require(namespace(of: getpid()))
    var watch = MountWatch(root: .live, hostNamespace: own, feed: feed, progress: MountProgress())
    let tree = try HostTree()
    try tree.write("", to: "go/sock")
    let child = try Child([
      "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-euc",
      """
      cd "$0"; mkdir root; mount -t tmpfs none root; mkdir root/old; cp /bin/busybox root; : > root/docker.sock
      mount --bind sock root/docker.sock; : > ready; until test -e now; do sleep 0.01; done
      cd root; pivot_root . old; exec /busybox sh -c '/busybox umount -l /old; exec /busybox sleep 600'
      """, tree.host.path("/go"),
    ])
    defer { child.end() }
    var buffer = ReadBuffer()
    for _ in 0..<60_000 where !HostRoot.live.read(tree.host.path("/go/ready"), limit: 1, into: &buffer).isRead
    {
      Clock.sleep(milliseconds: 1)
    }
    surroundings.witnesses.post(getpid())
    surroundings.witnesses.post(child.pid)
    watch.work(surroundings.witnesses)
    #expect(sockets(in: feed).isEmpty)
    try tree.write("", to: "go/now")
    var told: [MountTraits] = []
    for _ in 0..<60_000 where told.isEmpty {
      surroundings.witnesses.post(child.pid)
      watch.work(surroundings.witnesses)
      told += sockets(in: feed)
      Clock.sleep(milliseconds: 1)
    }
    surroundings.witnesses.post(child.pid)
    watch.work(surroundings.witnesses)
    told += sockets(in: feed)
    #expect(told == [[.initial, .runtimeSocket]])
  }

  private func namespace(of pid: Int32) -> UInt64? {
    var directory = ProcessDirectory(root: .live)
    var buffer = ReadBuffer()
    directory.select(pid)
    guard directory.read(.namespace(.mnt), into: &buffer) == .complete else { return nil }
    return buffer.withBytes { NamespaceLink(parsing: $0)?.inode }
  }

  /// The records of a mount at `/docker.sock`, by their traits.
  private func sockets(in feed: RecordFeed) -> [MountTraits] {
    var found: [MountTraits] = []
    _ = feed.ring.drain { record in
      var (traits, isSocket) = (MountTraits(), false)
      record.forEachParameter { parameter, value in
        let bytes = value.indices.map { value[$0] }
        if parameter == .mountTraits { traits = MountTraits(rawValue: bytes.first ?? 0) }
        if parameter == .mountPoint { isSocket = bytes == Array("/docker.sock".utf8) }
      }
      if isSocket { found.append(traits) }
      return true
    }
    return found
  }

  @Test("a tree of files has no mounts that anybody tells of, and rules that want none open nothing")
  func refused() throws {
    let tree = try HostTree()
    #expect(throws: SourceError.self) {
      _ = try MountSource(SourceSetting(root: tree.host, needs: .mounts, surroundings: Surroundings()))
    }
    #expect(!MountSource.isNeeded(for: [.settings, .modules, .arguments]))
    #expect(MountSource.isNeeded(for: .mounts))
  }

  @Test("containers that are named beyond what is kept are counted as the source's loss")
  func dropped() throws {
    let (witnesses, losses) = (try Witnesses(), LossCounters())
    witnesses.post(1)
    #expect(witnesses.take().count == 1, "kept, though nobody counts")
    witnesses.beginService(losses: losses)
    for pid in 1...Int32(Witnesses.limit + 7) { witnesses.post(pid) }
    #expect(losses.all == [.init(reason: .requestDropped, kind: nil): 7])
    #expect(witnesses.take().count == Witnesses.limit)
  }
}
