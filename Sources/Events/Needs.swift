/// What a rule set wants to know of each process; the sources read no more than this.
///
/// `RuleSet.needs` is the union over all fields that its rules name; name, parent and start time are always read.
public struct Needs: OptionSet, Sendable, Hashable {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// `/proc/PID/cmdline`.
  public static let arguments = Needs(rawValue: 1 << 0)
  /// The link `/proc/PID/exe`.
  public static let exe = Needs(rawValue: 1 << 1)
  /// The link `/proc/PID/cwd`.
  public static let workingDirectory = Needs(rawValue: 1 << 2)
  /// Capability sets, seccomp, no_new_privs, tracer and virtual pid of `/proc/PID/status`.
  public static let credentials = Needs(rawValue: 1 << 3)
  /// `/proc/PID/cgroup` and the container that it claims.
  public static let cgroup = Needs(rawValue: 1 << 4)
  /// User and group ids of `/proc/PID/status`.
  public static let users = Needs(rawValue: 1 << 5)
  /// `/proc/PID/loginuid`.
  public static let loginUser = Needs(rawValue: 1 << 6)
  /// Names of users and groups.
  public static let accounts = Needs(rawValue: 1 << 7)
  /// What the runtimes' files tell of containers: name, image, labels, mounts.
  public static let containerMetadata = Needs(rawValue: 1 << 56)
  /// The link `/proc/PID/root`.
  public static let root = Needs(rawValue: 1 << 8)
  /// Events of processes that only forked.
  public static let forks = Needs(rawValue: 1 << 9)
  /// Events of processes that ended.
  public static let exits = Needs(rawValue: 1 << 10)
  /// The kernel settings that matter, and the events of their changes.
  public static let settings = Needs(rawValue: 1 << 24)
  /// The modules of the kernel, and the events of those that come and go.
  public static let modules = Needs(rawValue: 1 << 25)
  /// The mounts of every mount namespace, and the events of those that come and go.
  public static let mounts = Needs(rawValue: 1 << 26)
  /// The hash of the program's file, for alerts alone.
  public static let exeHash = Needs(rawValue: 1 << 27)

  /// `cgroup.memory.oom_kills`, and the events of kills.
  public static let oomKills = Needs(rawValue: 1 << 44)
  /// `cgroup.pids.limit_hits`, and the events of them.
  public static let pidsLimitHits = Needs(rawValue: 1 << 45)
  /// Whether a cgroup is frozen, and the events of that.
  public static let freezing = Needs(rawValue: 1 << 46)
  /// Events of cgroups that were made and removed.
  public static let cgroupLife = Needs(rawValue: 1 << 47)
  /// What a cgroup uses of memory, and its limit.
  public static let cgroupMemory = Needs(rawValue: 1 << 48)
  /// How many processes a cgroup has, and the limit.
  public static let cgroupPids = Needs(rawValue: 1 << 49)
  /// What a cgroup uses of the CPUs, its quota, and how often that was used up.
  public static let cgroupCPU = Needs(rawValue: 1 << 50)
  /// What a cgroup reads from and writes to block devices.
  public static let cgroupIO = Needs(rawValue: 1 << 51)
  /// How long processes of a cgroup waited for CPU, memory and block devices.
  public static let cgroupPressure = Needs(rawValue: 1 << 52)

  /// Everything that is read of cgroups themselves.
  public static let cgroups: Needs = [
    .oomKills, .pidsLimitHits, .freezing, .cgroupLife, .cgroupMemory, .cgroupPids, .cgroupCPU, .cgroupIO,
    .cgroupPressure,
  ]

  /// Supplementary groups of `/proc/PID/status`.
  public static let supplementaryGroups = Needs(rawValue: 1 << 11)
  /// Threads, memory and filters of `/proc/PID/status`, which nobody compares.
  public static let status = Needs(rawValue: 1 << 12)
  /// The places in all hierarchies of `/proc/PID/cgroup`.
  public static let allCgroups = Needs(rawValue: 1 << 13)
  /// Whether `/proc/PID/root` is the host's root directory.
  public static let rootIdentity = Needs(rawValue: 1 << 14)
  /// What `/proc/PID/exe` leads to.
  public static let exeFile = Needs(rawValue: 1 << 15)
  /// The layer of an overlay that `/proc/PID/exe` is in.
  public static let exeLayer = Needs(rawValue: 1 << 16)
  /// `/proc/PID/oom_score_adj`.
  public static let oomScore = Needs(rawValue: 1 << 17)
  /// `/proc/PID/attr/apparmor/current`, `/proc/PID/attr/current`.
  public static let securityLabel = Needs(rawValue: 1 << 18)
  /// `/proc/PID/auxv`.
  public static let auxiliaryVector = Needs(rawValue: 1 << 19)
  /// `/proc/PID/fd/0` to `2`.
  public static let standardStreams = Needs(rawValue: 1 << 20)
  /// Variables of `/proc/PID/environ`, those that rules name.
  public static let environment = Needs(rawValue: 1 << 21)
  /// The same of every process, since any may become an ancestor.
  public static let ancestorEnvironment = Needs(rawValue: 1 << 22)

  /// What is read last, and only of processes that a rule which wants it can be about; see `DetailScope`.
  public static let late: Needs = [
    .allCgroups, .rootIdentity, .exeFile, .exeLayer, .oomScore, .securityLabel, .auxiliaryVector,
    .standardStreams, .environment, .ancestorEnvironment,
  ]

  /// The eight links of `/proc/PID/ns`.
  public static let namespaces = NamespaceType.allCases.reduce(Needs()) { $0.union(.namespace($1)) }

  /// The link of one type in `/proc/PID/ns`.
  public static func namespace(_ type: NamespaceType) -> Needs {
    Needs(rawValue: 1 << (32 + UInt64(type.rawValue)))
  }

  /// Everything: what `events` without a list of fields asks for.
  public static let all = readings.reduce(Needs([.forks, .exits])) { $0.union($1.needs) }
}

extension Needs {
  /// One thing that sources read when a field needs it, as the documentation lists it.
  public struct Reading: Sendable {
    public let needs: Needs
    /// The word for it in docs/fields.md.
    public let name: String
    /// What is read.
    public let place: String
    /// CPU of one read in a loop over one process, on the machine of bench/RESULTS.md: for comparison, not a promise.
    public let cost: String
  }

  /// Everything that can be needed besides kinds of events, each once.
  public static let readings: [Reading] = [
    Reading(needs: .arguments, name: "arguments", place: "`/proc/PID/cmdline`", cost: "4 µs"),
    Reading(needs: .exe, name: "exe", place: "the link `/proc/PID/exe`", cost: "2 µs"),
    Reading(needs: .workingDirectory, name: "cwd", place: "the link `/proc/PID/cwd`", cost: "2 µs"),
    Reading(needs: .root, name: "root", place: "the link `/proc/PID/root`", cost: "2 µs"),
    Reading(
      needs: .users, name: "users", place: "`/proc/PID/status`, once for all that it tells", cost: "11 µs"),
    Reading(
      needs: .credentials, name: "credentials", place: "`/proc/PID/status`, once for all that it tells",
      cost: "11 µs"),
    Reading(
      needs: .supplementaryGroups, name: "groups", place: "`/proc/PID/status`, once for all that it tells",
      cost: "11 µs"),
    Reading(
      needs: .status, name: "status", place: "`/proc/PID/status`, once for all that it tells", cost: "11 µs"),
    Reading(needs: .loginUser, name: "loginuid", place: "`/proc/PID/loginuid`", cost: "2 µs"),
    Reading(
      needs: .cgroup, name: "cgroup",
      place:
        "`/proc/PID/cgroup`; where it claims a container, two namespace links and the runtime's state file",
      cost: "7 µs"),
    Reading(
      needs: .containerMetadata, name: "metadata",
      place:
        "the runtime's files of a container, once, on a thread of their own; the container's events wait for it",
      cost: "nothing a process; 1 ms a new container"),
    Reading(
      needs: .namespaces, name: "namespaces", place: "links below `/proc/PID/ns`, only those that are named",
      cost: "2 µs each"),
    Reading(
      needs: .accounts, name: "accounts", place: "`/etc/passwd` and `/etc/group`, when they have changed",
      cost: "nothing a process"),
    Reading(
      needs: .settings, name: "settings", place: "some forty kernel settings, once a second",
      cost: "nothing a process; 0.1 ms a second"),
    Reading(
      needs: .modules, name: "modules",
      place: "`/proc/modules`, when the kernel tells of a module and every 10 s", cost: "nothing a process"),
    Reading(
      needs: .mounts, name: "mounts", place: "the mounts of each mount namespace, when they change",
      cost: "nothing a process; 2 µs for each once a minute"),
    Reading(
      needs: .oomKills, name: "oom kills",
      place:
        "`memory.events.local` of a cgroup when it changes; in version 1 `memory.oom_control`, on the clock",
      cost: "nothing a process; in version 1 with the next two 0.05 % of a core at most"),
    Reading(
      needs: .pidsLimitHits, name: "pids limit hits",
      place: "`pids.events` of a cgroup when it changes; in version 1 on the clock",
      cost: "nothing a process"),
    Reading(
      needs: .freezing, name: "freezing",
      place: "`cgroup.events` of a cgroup when it changes; in version 1 `freezer.state`, on the clock",
      cost: "nothing a process"),
    Reading(
      needs: .cgroupLife, name: "cgroup life", place: "watches on the trees of cgroups",
      cost: "nothing a process"),
    Reading(
      needs: .cgroupMemory, name: "cgroup memory",
      place: "`memory.current` and `memory.max` of containers and units; never `memory.stat`",
      cost: "nothing a process; 6 µs a file, every 10 s"),
    Reading(
      needs: .cgroupPids, name: "cgroup pids",
      place: "`pids.current` and `pids.max` of containers and units",
      cost: "nothing a process; 6 µs a file, every 10 s"),
    Reading(
      needs: .cgroupCPU, name: "cgroup cpu", place: "`cpu.stat` and `cpu.max` of containers and units",
      cost: "nothing a process; 6 µs a file, every 10 s"),
    Reading(
      needs: .cgroupIO, name: "cgroup io", place: "`io.stat` of containers and units",
      cost: "nothing a process; 6 µs a file, every 10 s"),
    Reading(
      needs: .cgroupPressure, name: "cgroup pressure",
      place: "`cpu.pressure`, `memory.pressure` and `io.pressure` of containers and units",
      cost: "nothing a process; 6 µs a file, every 10 s"),
    Reading(
      needs: .exeHash, name: "hash", place: "the whole of the program's file, for an alert that prints it",
      cost: "nothing a process; a few ms an alert, 0 for a file that was read before"),
    Reading(
      needs: .allCgroups, name: "cgroups", place: "`/proc/PID/cgroup` once more, all its lines", cost: "7 µs"
    ),
    Reading(
      needs: .rootIdentity, name: "root file", place: "which directory `/proc/PID/root` leads to",
      cost: "2 µs"),
    Reading(needs: .exeFile, name: "exe file", place: "which file `/proc/PID/exe` leads to", cost: "2 µs"),
    Reading(
      needs: .exeLayer, name: "exe layer",
      place:
        "which file `/proc/PID/exe` leads to; where that is on an overlay, `/proc/PID/mountinfo` and its directories",
      cost: "2 µs; on an overlay `/proc/PID/mountinfo` and some lookups besides"),
    Reading(needs: .oomScore, name: "oom score", place: "`/proc/PID/oom_score_adj`", cost: "3 µs"),
    Reading(
      needs: .securityLabel, name: "lsm label", place: "`/proc/PID/attr/apparmor/current`, `attr/current`",
      cost: "6 µs"),
    Reading(needs: .auxiliaryVector, name: "auxv", place: "`/proc/PID/auxv`", cost: "3 µs"),
    Reading(
      needs: .standardStreams, name: "streams",
      place: "the links `/proc/PID/fd/0` to `2` and what they lead to",
      cost: "17 µs"),
    Reading(
      needs: .environment, name: "environ",
      place: "`/proc/PID/environ`, of which only what rules name is kept",
      cost: "4 µs"),
    Reading(
      needs: .ancestorEnvironment, name: "environ of all", place: "`/proc/PID/environ` of every process",
      cost: "4 µs"),
  ]

  /// The words for what this asks the sources to read.
  public var names: [String] { Self.readings.filter { !$0.needs.isDisjoint(with: self) }.map(\.name) }
}
