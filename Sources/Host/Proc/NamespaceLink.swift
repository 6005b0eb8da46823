/// The types of namespaces. See namespaces(7).
public enum Namespace: Int, CaseIterable, Sendable {
  case cgroup, ipc, mnt, net, pid, time, user, uts

  /// The word in `/proc/PID/ns` and in the links there.
  public var name: StaticString {
    switch self {
    case .cgroup: "cgroup"
    case .ipc: "ipc"
    case .mnt: "mnt"
    case .net: "net"
    case .pid: "pid"
    case .time: "time"
    case .user: "user"
    case .uts: "uts"
    }
  }

  fileprivate var link: ProcessLink {
    switch self {
    case .cgroup: ProcessLink(name: "ns/cgroup")
    case .ipc: ProcessLink(name: "ns/ipc")
    case .mnt: ProcessLink(name: "ns/mnt")
    case .net: ProcessLink(name: "ns/net")
    case .pid: ProcessLink(name: "ns/pid")
    case .time: ProcessLink(name: "ns/time")
    case .user: ProcessLink(name: "ns/user")
    case .uts: ProcessLink(name: "ns/uts")
    }
  }
}

extension ProcessLink {
  /// `/proc/PID/ns/<type>`; see `NamespaceLink`.
  public static func namespace(_ type: Namespace) -> ProcessLink { type.link }
}

/// A namespace as a link below `/proc/PID/ns` names it: `mnt:[4026531832]`.
public struct NamespaceLink: Equatable, Sendable {
  public let type: Namespace
  /// The inode number. It comes back within seconds of the namespace's end: it identifies nothing by itself.
  public let inode: UInt64

  /// - Returns: `nil` when the bytes are not such a link.
  public init?(parsing bytes: Span<UInt8>) {
    for type in Namespace.allCases where bytes.has(type.name, at: 0) {
      var cursor = ByteCursor(type.name.utf8CodeUnitCount, bytes.count)
      guard cursor.takes(UInt8(ascii: ":"), in: bytes), cursor.takes(UInt8(ascii: "["), in: bytes),
        let inode = cursor.decimal(bytes, as: UInt64.self), cursor.takes(UInt8(ascii: "]"), in: bytes),
        cursor.isAtEnd
      else { return nil }
      self.type = type
      self.inode = inode
      return
    }
    return nil
  }
}

/// The inode numbers of one process's namespaces, as far as they were read.
public struct ProcessNamespaces: Equatable, Sendable {
  private var inodes: InlineArray<8, UInt64> = .init(repeating: 0)

  public init() {}

  /// The namespace's inode number; 0 when it was not read.
  public subscript(type: Namespace) -> UInt64 {
    get { inodes[type.rawValue] }
    set { inodes[type.rawValue] = newValue }
  }

  public static func == (left: ProcessNamespaces, right: ProcessNamespaces) -> Bool {
    Namespace.allCases.allSatisfy { left[$0] == right[$0] }
  }
}

extension ProcessDirectory {
  /// Reads links of the chosen process's namespaces, by default all eight, into `namespaces`; 0 stays for what cannot be read.
  ///
  /// Who may not read one of them may read none, so the first refusal ends it.
  /// - Returns: `.complete` when any was read (a kernel before 5.6 has no `time`), else how it failed.
  public mutating func readNamespaces(
    into namespaces: inout ProcessNamespaces, of types: [Namespace] = Namespace.allCases,
    using buffer: inout ReadBuffer
  ) -> ReadOutcome {
    namespaces = ProcessNamespaces()
    var result: ReadOutcome?
    for type in types {
      let outcome = read(.namespace(type), into: &buffer)
      guard outcome == .complete else {
        if result == nil { return outcome }
        continue
      }
      result = .complete
      let link = buffer.withBytes { NamespaceLink(parsing: $0) }
      if let link, link.type == type { namespaces[type] = link.inode }
    }
    return result ?? .absent
  }
}
