import Events
import Model

@testable import Rules

/// A host told by records: processes that fork, execute and change, and the events that follow.
struct LiveScript: ~Copyable {
  static let hostNamespaces = NamespaceSet(
    cgroup: 1, ipc: 2, mnt: 3, net: 4, pid: 5, time: 6, user: 7, uts: 8)
  static let host = HostFacts(hostname: Array("box".utf8), bootID: Array("b00t".utf8))

  private let ring = Ring(capacityBytes: 1 << 16)
  private var writer = RecordWriter()
  private(set) var model: Model
  private var stamp: UInt64 = 100_000_000_000

  init() {
    model = Model(
      settings: .init(startStamp: 50_000_000_000, hostNamespaces: Self.hostNamespaces, processLimit: 1000),
      clock: ClockOffsets(realtime: 1_700_000_000_000_000_000, boot: 0, ticksPerSecond: 100))
    model.accounts = Accounts(
      users: [
        0: .init(name: Array("root".utf8), home: Array("/root".utf8), shell: Array("/bin/sh".utf8)),
        1000: .init(name: Array("ann".utf8), home: Array("/home/ann".utf8), shell: Array("/bin/zsh".utf8)),
      ], groups: [0: Array("root".utf8), 1000: Array("users".utf8)])
  }

  mutating func learn(_ answer: ContainerAnswer) { model.learn(answer) }

  mutating func wait(nanoseconds: UInt64) { stamp += nanoseconds }

  @discardableResult
  mutating func apply(
    _ kind: RecordKind, _ pid: Int32, start: UInt64 = 0, from source: SourceID = .connector,
    _ fill: (inout RecordWriter) -> Void = { _ in }
  ) -> [Event] {
    stamp += 1000
    writer.begin(kind, from: source, stamp: stamp, pid: pid, startTicks: start)
    fill(&writer)
    let pushed = ring.push(writer)
    precondition(pushed)
    var events: [Event] = []
    _ = ring.drain { view in
      model.apply(view, into: &events)
      return true
    }
    return events
  }

  @discardableResult
  mutating func fork(_ parent: Int32, _ child: Int32) -> [Event] {
    apply(.forked, child) { $0.append(.parentPID, parent) }
  }

  /// What the files of a cgroup say.
  @discardableResult
  mutating func cgroup(
    _ path: String, _ figures: [(CgroupFigure, UInt64)], _ fill: (inout RecordWriter) -> Void = { _ in }
  ) -> [Event] {
    apply(.cgroupState, 0, from: .cgroup) {
      $0.append(.cgroup, Array(path.utf8).span)
      $0.append(.figures, figures.flatMap { [$0.0.rawValue, $0.1] })
      fill(&$0)
    }
  }

  /// Two processes of a container that are killed for want of memory, after another was.
  mutating func oomKill(in path: String, _ id: String) -> Event? {
    func claim(_ writer: inout RecordWriter) {
      writer.append(.containerID, Array(id.utf8).span)
      writer.append(.containerType, ContainerType.docker.rawValue)
      writer.append(.containerVouched, UInt8(1))
    }
    cgroup(
      path,
      [
        (.oomKills, 1), (.memoryUsage, 50), (.memoryLimit, 200), (.pidsCount, 4),
        (.pidsLimit, CgroupFigure.none),
        (.cpuQuota, 500), (.memoryPressure, 1250), (.isFrozen, 0),
      ], claim)
    return cgroup(path, [(.oomKills, 3)], claim).last
  }

  /// An exec with all that a reader finds.
  @discardableResult
  mutating func exec(
    _ pid: Int32, _ path: String, _ arguments: [String], _ fill: (inout RecordWriter) -> Void = { _ in }
  ) -> [Event] {
    apply(.executed, pid) {
      $0.append(.name, Array((path.split(separator: "/").last ?? "").utf8).span)
      $0.append(.arguments, Array(arguments.map { $0 + "\0" }.joined().utf8).span)
      $0.append(.exePath, Array(path.utf8).span)
      $0.append(.workingDirectory, Array("/srv".utf8).span)
      $0.append(.terminal, Int32(34816))
      $0.append(.session, Int32(10))
      $0.append(.processGroup, pid)
      $0.append(.virtualPID, Int32(7))
      $0.append(.userIDs, [1000, 0, 0, 0] as [UInt32])
      $0.append(.groupIDs, [1000, 1000, 1000, 1000] as [UInt32])
      $0.append(.capabilities, [0, 0x20_0000, 0x20_0001, 0x1FF, 0] as [UInt64])
      $0.append(.namespaces, [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
      $0.append(.loginUser, UInt32.max)
      $0.append(.seccomp, UInt8(2))
      $0.append(.noNewPrivileges, UInt8(1))
      $0.append(.tracerPID, Int32(0))
      $0.appendDetails()
      fill(&$0)
    }
  }

  /// Init, a network service, a shell below it, and a command of the shell's.
  mutating func shellBelowService() -> Event {
    apply(.state, 1, start: 1, from: .procfs) {
      $0.insert(.filled)
      $0.append(.name, Array("init".utf8).span)
      $0.append(.exePath, Array("/sbin/init".utf8).span)
      $0.append(.arguments, Array("/sbin/init\0".utf8).span)
      $0.append(.parentPID, Int32(0))
    }
    fork(1, 10)
    exec(10, "/usr/sbin/nginx", ["nginx", "-g", "daemon off;"])
    fork(10, 11)
    exec(11, "/bin/sh", ["sh", "-c", "id"])
    fork(11, 12)
    wait(nanoseconds: 20_000_000)
    return exec(12, "/usr/bin/id", ["id", "-u", "a b"])[0]
  }

  borrowing func facts(_ event: Event) -> LiveFacts { LiveFacts(event, model: model, host: Self.host) }
}

extension RecordWriter {
  /// What few rules ask for.
  fileprivate mutating func appendDetails() {
    append(.supplementaryGroups, [4, 27] as [UInt32])
    append(.seccompFilters, UInt32(3))
    append(.threadCount, Int32(5))
    append(.memory, [4096, 1024, 7] as [UInt64])
    append(.virtualProcessGroup, Int32(6))
    append(.allCgroups, Array("cpu=/a\0cpuacct=/a\0name=systemd=/s\0=/u=v\0".utf8).span)
    append(.hasHostRoot, UInt8(1))
    // Mode, owner, group, links, device, inode, size, and two moments: 50 ms and 40 ms before the box began.
    append(
      .exeFile,
      [0o100775, 5, 27, 1, 254 << 32, 77, 1000, 1_700_000_000_050_000_000, 1_700_000_000_040_000_000]
        as [UInt64])
    append(.exeLayer, FileLayer.upper.rawValue)
    append(.oomScore, Int32(-900))
    append(.securityLabel, Array("docker-default (enforce)".utf8).span)
    append(.auxiliaryVector, [1000, 0, 1000, 0, 1] as [UInt32])
    append(.standardInput, Array("ipv4\0socket:[9]".utf8).span)
    append(.standardOutput, Array("file\0/dev/null".utf8).span)
    append(.standardError, Array("\0".utf8).span)
    append(.environment, Array("LD_PRELOAD=/tmp/x.so\0EMPTY=\0".utf8).span)
  }
}
