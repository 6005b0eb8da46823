/// One part of a record, found by its number; absent when it was not read.
///
/// Integers are little-endian; arrays of integers have no padding between elements.
public enum Parameter: UInt16, CaseIterable, Sendable {
  /// Bytes: the name (comm), at most 15.
  case name = 1
  /// Bytes: arguments from argv[0] on, each ended by NUL (the last NUL may be missing when cut).
  case arguments
  /// Bytes: target of `/proc/PID/exe`, as the kernel spells it.
  case exePath
  /// Bytes: target of `/proc/PID/cwd`.
  case workingDirectory
  /// Bytes: target of `/proc/PID/root`.
  case root
  /// Bytes: the cgroup path that names the process's place.
  case cgroup
  /// Bytes: the container id that the cgroup path claims.
  case containerID
  /// UInt8: the raw value of `ContainerType`.
  case containerType
  /// UInt8: 0 when nothing speaks for the container id, 1 when a runtime's file does, 2 when one says otherwise.
  case containerVouched
  /// Int32: the process's parent, or its creator in `.forked`.
  case parentPID
  /// Int32: the process group.
  case processGroup
  /// Int32: the session.
  case session
  /// Int32: the controlling terminal's device number; 0 for none.
  case terminal
  /// Four UInt32: real, effective, saved, file-system user id; two from the connector (real, effective).
  case userIDs
  /// Four UInt32: real, effective, saved, file-system group id; two from the connector.
  case groupIDs
  /// Five UInt64: inheritable, permitted, effective, bounding, ambient.
  case capabilities
  /// Eight UInt64: namespace inode numbers in the order of `NamespaceType`; 0 where unread.
  case namespaces
  /// UInt32: the audit login uid; 4294967295 when unset.
  case loginUser
  /// UInt8: seccomp mode (0 off, 1 strict, 2 filter).
  case seccomp
  /// UInt8: 1 when no_new_privs is set.
  case noNewPrivileges
  /// Int32: the tracer's pid, 0 for none.
  case tracerPID
  /// Int32: the pid within its own pid namespace.
  case virtualPID
  /// UInt32: the wait status, as wait(2) gives it.
  case exitStatus
  /// Array of (Int32 pid, Int32 zero, UInt64 start ticks).
  case presence
  /// UInt8: the raw value of `Mailbox`.
  case mailbox
  /// UInt64: the process's CPU flags of stat (PF_KTHREAD and others).
  case taskFlags
  /// Bytes: the name of a kernel setting.
  case settingName
  /// Bytes: the value of the setting; missing when the kernel does not have it.
  case settingValue
  /// Int64: how much the value protects, compared with other values of the setting; missing when that is not known.
  case settingStrength
  /// Bytes: the name of a kernel module.
  case moduleName
  /// UInt64: the bytes that the module takes.
  case moduleSize
  /// Bytes: how the module taints the kernel, one letter each.
  case moduleTaint
  /// UInt64: the inode number of the mount namespace.
  case mountNamespace
  /// UInt8: the raw value of `MountTraits`.
  case mountTraits
  /// Bytes: where it is mounted, as seen in the namespace.
  case mountPoint
  /// Bytes: which directory of the file system is shown.
  case mountRoot
  /// Bytes: what is mounted.
  case mountSource
  /// Bytes: the type of the file system.
  case mountFileSystem
  /// Bytes: the mount's options, joined by commas.
  case mountOptions
  /// Bytes: where on the host that lies which is shown; missing when the host does not show it.
  case mountHostPath
  /// Array of pairs of UInt64: the raw value of a `CgroupFigure`, and the number.
  case figures
  /// UInt32 each: supplementary group ids, as many as are kept.
  case supplementaryGroups
  /// UInt32: how many seccomp filters are loaded.
  case seccompFilters
  /// Int32: threads that are alive.
  case threadCount
  /// Three UInt64: virtual, resident and swapped memory in kB.
  case memory
  /// Int32: the process group within the process's own pid namespace.
  case virtualProcessGroup
  /// Bytes: `controller=path`, each ended by NUL; the controller is empty in the unified hierarchy.
  case allCgroups
  /// UInt8: 1 when the process's root directory is the host's.
  case hasHostRoot
  /// Nine UInt64: mode, owner, group, links, device (major << 32 | minor), inode, size, and in nanoseconds since 1970
  /// the last change of the inode and of the content of the executable's file.
  case exeFile
  /// UInt8: the raw value of `FileLayer`.
  case exeLayer
  /// Int32: oom_score_adj.
  case oomScore
  /// Bytes: how a security module confines the process; empty without one.
  case securityLabel
  /// Five UInt32: real and effective user, real and effective group at the exec, and whether it brought privileges.
  case auxiliaryVector
  /// Bytes: the type of descriptor 0, NUL, what its link says; 1 and 2 follow. Empty where it is closed.
  case standardInput
  case standardOutput
  case standardError
  /// Bytes: `NAME=value` of the environment, each ended by NUL, as far as it is kept.
  case environment
}

/// The eight namespace types in the order of `Parameter.namespaces`. See namespaces(7).
public enum NamespaceType: Int, CaseIterable, Sendable {
  case cgroup, ipc, mnt, net, pid, time, user, uts

  /// The name below `/proc/PID/ns` and in `proc.ns.<type>.id`.
  public var name: String {
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
}

/// The runtime that made a container, as far as its cgroup path or shim tells.
public enum ContainerType: UInt8, CaseIterable, Sendable {
  case host = 0
  case docker, podman, containerd, crio, lxc, nspawn, buildkit, runc, crun, unknown

  /// The word in `container.type`.
  public var name: String {
    switch self {
    case .host: "host"
    case .docker: "docker"
    case .podman: "podman"
    case .containerd: "containerd"
    case .crio: "cri-o"
    case .lxc: "lxc"
    case .nspawn: "nspawn"
    case .runc: "runc"
    case .crun: "crun"
    case .buildkit: "buildkit"
    case .unknown: "unknown"
    }
  }
}

/// The mailboxes for values larger than a record.
public enum Mailbox: UInt8, CaseIterable, Sendable {
  /// Users and groups by name.
  case accounts
  /// What a source found out about containers.
  case containers
}

/// The layer of an overlay that a file is in.
public enum FileLayer: UInt8, Sendable {
  /// It is not on an overlay.
  case outside = 0
  /// It is the image's.
  case lower = 1
  /// It was written, or changed, since.
  case upper = 2
}
