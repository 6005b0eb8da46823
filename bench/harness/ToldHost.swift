import Events
import Model
import Rules

/// A host that records tell of, as sources would: a service, a shell below it, a container.
struct ToldHost: ~Copyable {
  /// What is executed.
  enum Program: String, CaseIterable {
    case onHost = "on the host"
    case inContainer = "in a container"
  }

  private static let hostNamespaces: [UInt64] = [1, 2, 3, 4, 5, 6, 7, 8]
  private static let containerNamespaces: [UInt64] = [11, 12, 13, 14, 15, 6, 7, 18]
  private static let containerID = "3ad7b26ded6d8e7b23da7d48fe889434573036c27ae5a74837233de441c3601e"

  var facts: LiveFacts
  private let ring = Ring(capacityBytes: 1 << 16)
  private var writer = RecordWriter()
  private var events: [Event] = []
  private var stamp: UInt64 = 100_000_000_000

  init() {
    let names = Self.hostNamespaces
    let namespaces = NamespaceSet(
      cgroup: names[0], ipc: names[1], mnt: names[2], net: names[3], pid: names[4], time: names[5],
      user: names[6], uts: names[7])
    facts = LiveFacts(
      model: Model(
        settings: .init(startStamp: 50_000_000_000, hostNamespaces: namespaces),
        clock: ClockOffsets(realtime: 1_700_000_000_000_000_000, boot: 0, ticksPerSecond: 100)),
      host: HostFacts(hostname: Array("box".utf8), bootID: Array("b00t".utf8)))
    facts.model.accounts = Accounts(
      users: [0: .init(name: Array("root".utf8), home: Array("/root".utf8), shell: Array("/bin/sh".utf8))],
      groups: [0: Array("root".utf8)])
  }

  /// Tells of a new process below a service that executes an ordinary program, and returns the event.
  mutating func exec(_ program: Program) throws(BenchError) -> Event {
    tell(.state, 1, ["/sbin/init"], Self.hostNamespaces)
    for (pid, arguments) in [(10, ["/usr/sbin/cron", "-f"]), (11, ["/bin/sh", "-c", "make -s"])]
      as [(Int32, _)]
    {
      tell(.forked, pid, [], [], parent: pid == 10 ? 1 : pid - 1)
      tell(.executed, pid, arguments, Self.hostNamespaces)
    }
    tell(.forked, 12, [], [], parent: 11)
    switch program {
    case .onHost:
      tell(.executed, 12, ["/usr/bin/make", "-s", "-C", "/srv/build", "all"], Self.hostNamespaces)
    case .inContainer:
      tell(.executed, 12, ["/usr/local/bin/app", "--serve", "--port", "80"], Self.containerNamespaces) {
        $0.append(.cgroup, Array("/system.slice/docker-\(Self.containerID).scope".utf8).span)
        $0.append(.containerID, Array(Self.containerID.utf8).span)
        $0.append(.containerType, ContainerType.docker.rawValue)
        $0.append(.containerVouched, UInt8(1))
      }
    }
    // The first program of a container starts that too.
    guard let event = events.first(where: { $0.kind == .executed }), event.process?.pid == 12 else {
      throw .failed(program: "the model", saying: "an exec record was no exec event")
    }
    return event
  }

  private mutating func tell(
    _ kind: RecordKind, _ pid: Int32, _ arguments: [String], _ namespaces: [UInt64], parent: Int32? = nil,
    _ more: (inout RecordWriter) -> Void = { _ in }
  ) {
    stamp += 1_000_000
    writer.begin(kind, from: kind == .state ? .procfs : .connector, stamp: stamp, pid: pid, startTicks: 0)
    if let parent { writer.append(.parentPID, parent) }
    if let path = arguments.first {
      writer.append(.name, Array((path.split(separator: "/").last ?? "").utf8).span)
      writer.append(.arguments, Array(arguments.map { $0 + "\0" }.joined().utf8).span)
      writer.append(.exePath, Array(path.utf8).span)
      writer.append(.workingDirectory, Array("/srv".utf8).span)
      writer.append(.terminal, Int32(0))
      writer.append(.session, Int32(10))
      writer.append(.processGroup, pid)
      writer.append(.virtualPID, pid)
      writer.append(.userIDs, [0, 0, 0, 0] as [UInt32])
      writer.append(.groupIDs, [0, 0, 0, 0] as [UInt32])
      writer.append(.capabilities, [0, 0x1FF, 0x1FF, 0x1FF, 0] as [UInt64])
      writer.append(.namespaces, namespaces)
      writer.append(.loginUser, UInt32.max)
      writer.append(.seccomp, UInt8(0))
      writer.append(.noNewPrivileges, UInt8(0))
    }
    more(&writer)
    events.removeAll()
    _ = ring.push(writer)
    _ = ring.drain { record in
      facts.model.apply(record, into: &events)
      return true
    }
  }
}
