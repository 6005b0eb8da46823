/// The host's own namespaces: what a process's are compared with to say whether it is in a container.
///
/// `/proc/1/ns` is the best witness, but even root may be refused it. Then kthreadd, which only the initial pid namespace
/// shows, stands for init; and then the numbers that the kernel gives six of the initial namespaces at compile time. The
/// other two, mnt and net, stay unknown. See namespaces(7) and include/linux/proc_ns.h of the kernel.
public struct HostNamespaces: Equatable, Sendable {
  /// How the number of a namespace is known.
  public enum Origin: Equatable, Sendable {
    /// From process 1.
    case firstProcess
    /// From kthreadd.
    case kernelThread
    /// From the kernel's source: these numbers have been the same since 3.8.
    case constant
  }

  private var inodes = ProcessNamespaces()
  private var origins = InlineArray<8, Origin?>(repeating: nil)

  /// Reads what can be read below `root`, now. Needs CAP_SYS_PTRACE to be sure of mnt and net.
  public init(root: HostRoot) {
    var directory = ProcessDirectory(root: root)
    var buffer = ReadBuffer()
    directory.select(1)
    var isContainer = false
    for type in Namespace.allCases { take(type, .firstProcess, &directory, &buffer) }
    // Process 1 of a container's own /proc is no witness of the host.
    let pid = self[.pid]
    if pid != nil, pid != Self.constant(.pid) {
      isContainer = true
      self = HostNamespaces()
    }
    directory.select(2)
    if !isContainer, Self.isKernelThreadDaemon(&directory, &buffer) {
      for type in Namespace.allCases where self[type] == nil {
        take(type, .kernelThread, &directory, &buffer)
      }
    }
    for type in Namespace.allCases where self[type] == nil {
      guard let inode = Self.constant(type) else { continue }
      inodes[type] = inode
      origins[type.rawValue] = .constant
    }
  }

  private init() {}

  /// The inode number of the host's namespace; `nil` when it cannot be known.
  public subscript(type: Namespace) -> UInt64? { inodes[type] == 0 ? nil : inodes[type] }

  /// How the number is known; `nil` when it is not.
  public func origin(of type: Namespace) -> Origin? { origins[type.rawValue] }

  /// Whether a process with these namespaces shares the host's; `nil` when either side is unknown.
  public func isHost(_ type: Namespace, in namespaces: ProcessNamespaces) -> Bool? {
    guard let host = self[type], namespaces[type] != 0 else { return nil }
    return host == namespaces[type]
  }

  public static func == (left: HostNamespaces, right: HostNamespaces) -> Bool {
    left.inodes == right.inodes
      && Namespace.allCases.allSatisfy { left.origin(of: $0) == right.origin(of: $0) }
  }

  /// The numbers of the initial namespaces, where the kernel fixes them. Those of mnt and net are given at run time and
  /// differ between kernels.
  private static func constant(_ type: Namespace) -> UInt64? {
    switch type {
    case .time: 4_026_531_834
    case .cgroup: 4_026_531_835
    case .pid: 4_026_531_836
    case .user: 4_026_531_837
    case .uts: 4_026_531_838
    case .ipc: 4_026_531_839
    case .mnt, .net: nil
    }
  }

  private mutating func take(
    _ type: Namespace, _ origin: Origin, _ directory: inout ProcessDirectory, _ buffer: inout ReadBuffer
  ) {
    guard directory.read(.namespace(type), into: &buffer) == .complete,
      let link = buffer.withBytes({ NamespaceLink(parsing: $0) }), link.type == type
    else { return }
    inodes[type] = link.inode
    origins[type.rawValue] = origin
  }

  /// Whether the chosen process is the kernel's own thread daemon, a child of nobody.
  private static func isKernelThreadDaemon(
    _ directory: inout ProcessDirectory, _ buffer: inout ReadBuffer
  ) -> Bool {
    guard directory.read(.status, into: &buffer) == .complete else { return false }
    return buffer.withBytes { bytes in
      guard let status = ProcStatus(parsing: bytes) else { return false }
      return status.parentPID == 0 && bytes.has("kthreadd", as: status.name)
    }
  }
}
