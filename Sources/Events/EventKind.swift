/// What happened, as rules name it in `evt.type`.
///
/// A live record cannot always know which system call was made, so a kind stands for a *family* of Falco's
/// event types: `=` and `in` hold when the family meets the constants, and printing gives the first name.
public enum EventKind: UInt16, CaseIterable, Sendable {
  /// A process was made.
  case forked = 1
  /// A process replaced its program.
  case executed
  /// A process ended.
  case exited
  /// A process changed its user ids.
  case userChanged
  /// A process changed its group ids.
  case groupChanged
  /// A process changed its capability sets without an exec.
  case capabilitiesChanged
  /// A process entered or made namespaces.
  case namespacesChanged
  /// A process came under a tracer.
  case traced
  /// A process made a session of its own.
  case sessionChanged
  /// A process changed its name.
  case nameChanged
  /// A process dumped core.
  case coreDumped
  /// A running process was met for the first time: it is older than the agent, or its fork was lost.
  case firstSeen
  /// Records were lost; rules were blind.
  case lost
  /// A process held a reader of the agent for too long.
  case tampered
  /// A setting of the kernel was changed.
  case settingChanged
  /// A module came into the kernel.
  case moduleLoaded
  /// A module left the kernel.
  case moduleUnloaded
  /// Something was mounted, remounted or moved.
  case mounted
  /// Something was unmounted.
  case unmounted
  /// A cgroup was made.
  case cgroupCreated
  /// A cgroup was removed.
  case cgroupRemoved
  /// The kernel killed a process of a cgroup for want of memory.
  case oomKilled
  /// A fork failed at the limit on the processes of a cgroup.
  case pidsLimitReached
  /// A cgroup used its CPU quota up more often than a threshold allows.
  case cpuThrottled
  /// Processes of a cgroup waited for a resource longer than a threshold allows.
  case pressureRisen
  /// A cgroup came nearer to its limit on memory than a threshold allows.
  case memoryNearLimit
  /// The processes of a cgroup were made to stand still.
  case cgroupFrozen
  /// They run again.
  case cgroupThawed
  /// A container was started: its first process runs the container's program.
  case containerStarted
  /// The last process of a container ended.
  case containerStopped
  /// A running container was met for the first time: it is older than the agent.
  case containerSeen
  /// A process changed something that it keeps, or somebody else did, which has no kind of its own.
  case attributeChanged

  /// The event types this kind stands for, the one that is printed first.
  public var family: [StaticString] {
    switch self {
    case .forked: ["clone", "clone3", "fork", "vfork"]
    case .executed: ["execve", "execveat"]
    case .exited: ["procexit"]
    case .userChanged: ["setuid", "setresuid", "setreuid", "setfsuid"]
    case .groupChanged: ["setgid", "setresgid", "setregid", "setfsgid"]
    case .capabilitiesChanged: ["capset"]
    case .namespacesChanged: ["setns", "unshare"]
    case .traced: ["ptrace"]
    case .sessionChanged: ["setsid"]
    case .nameChanged: ["prctl"]
    case .coreDumped: ["coredump"]
    case .firstSeen: ["process_seen"]
    case .lost: ["loss"]
    case .tampered: ["tampering"]
    case .settingChanged: ["sysctl_changed"]
    case .moduleLoaded: ["init_module", "finit_module"]
    case .moduleUnloaded: ["delete_module"]
    case .mounted: ["mount"]
    case .unmounted: ["umount2", "umount"]
    case .cgroupCreated: ["cgroup_created"]
    case .cgroupRemoved: ["cgroup_removed"]
    case .oomKilled: ["oom_kill"]
    case .pidsLimitReached: ["pids_limit"]
    case .cpuThrottled: ["cpu_throttled"]
    case .pressureRisen: ["pressure"]
    case .memoryNearLimit: ["memory_near_limit"]
    case .cgroupFrozen: ["cgroup_freeze"]
    case .cgroupThawed: ["cgroup_thaw"]
    case .containerStarted: ["container_start"]
    case .containerStopped: ["container_stop"]
    case .containerSeen: ["container_seen"]
    case .attributeChanged: ["process_changed"]
    }
  }
}
