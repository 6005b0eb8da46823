import Events
import Model

extension FieldRegistry {
  /// `cgroup.*`: of the cgroup that an event is about, or of that in which the process is. The figures are those of the
  /// last reading, of a container or a unit of systemd; a process further in has those of the cgroup around it.
  static let cgroup: [Field] = [
    Field(
      "cgroup.path", .fspath,
      "Path of the cgroup from the root of its tree; of a process, that which tells its place best.",
      needs: .cgroup, kinds: .ofPlace
    ) { facts, _, values in values.text(facts.event.cgroup?.path ?? facts.row?.cgroup) },
    number(
      "cgroup.memory.usage_bytes", "Memory in use, with the page cache, at the last reading.", .cgroupMemory,
      .memoryUsage),
    number(
      "cgroup.memory.limit_bytes",
      "Limit on memory: the least of the cgroup and those above it. No value: there is none.",
      .cgroupMemory, .memoryLimit),
    real("cgroup.memory.usage_percent", "Memory in use, in per cent of the limit.", .cgroupMemory) {
      $0.memoryPercent
    },
    number(
      "cgroup.memory.oom_kills",
      "Processes that the kernel killed for want of memory since the cgroup was made; those of cgroups in it apart.",
      .oomKills, .oomKills),
    number("cgroup.pids.count", "Processes and threads at the last reading.", .cgroupPids, .pidsCount),
    number(
      "cgroup.pids.limit",
      "Limit on processes and threads: the least of the cgroup and those above it. No value: there is none.",
      .cgroupPids, .pidsLimit),
    number(
      "cgroup.pids.limit_hits",
      "How often a fork failed at the limit since the cgroup was made. Where the limit is further out, it is counted "
        + "there, but before Linux 6.12 and in version 1 where the process is.",
      .pidsLimitHits, .pidsLimitHits),
    real("cgroup.cpu.cores", "CPUs in use between the last two readings, on average.", .cgroupCPU) {
      $0.rates.cores
    },
    real(
      "cgroup.cpu.quota_cores",
      "CPUs that may be in use, by the least quota of the cgroup and those above it. No value: there is none.",
      .cgroupCPU
    ) { $0.figures[.cpuQuota].map { Double($0) / 1000 } },
    real(
      "cgroup.cpu.throttled_percent",
      "Periods in which the quota was used up, of those between the last two readings in which something ran.",
      .cgroupCPU
    ) { $0.rates.throttledPercent },
    real(
      "cgroup.io.read_bytes_per_second", "Bytes read from block devices, between the last two readings.",
      .cgroupIO
    ) { $0.rates.readPerSecond },
    real(
      "cgroup.io.written_bytes_per_second", "Bytes written to block devices, between the last two readings.",
      .cgroupIO
    ) { $0.rates.writtenPerSecond },
    pressure("cgroup.pressure.cpu", "a CPU", .cpuPressure),
    pressure("cgroup.pressure.memory", "memory", .memoryPressure),
    pressure("cgroup.pressure.io", "a block device", .ioPressure),
    Field(
      "cgroup.frozen", .bool, "Every process of the cgroup is made to stand still.",
      needs: [.freezing, .cgroup], kinds: .ofPlace
    ) { facts, _, values in values.flag(facts.cgroup?.figures[.isFrozen].map { $0 != 0 }) },
  ]

  private static func number(_ name: String, _ help: String, _ needs: Needs, _ figure: CgroupFigure) -> Field
  {
    Field(name, .uint64, help, needs: needs.union(.cgroup), kinds: .ofPlace) { facts, _, values in
      values.number(facts.cgroup?.figures[figure])
    }
  }

  private static func real(
    _ name: String, _ help: String, _ needs: Needs, _ read: @escaping @Sendable (CgroupRow) -> Double?
  ) -> Field {
    Field(name, .double, help, needs: needs.union(.cgroup), kinds: .ofPlace) { facts, _, values in
      guard let row = facts.cgroup, let value = read(row) else { return }
      values.number(value)
    }
  }

  private static func pressure(_ name: String, _ what: String, _ figure: CgroupFigure) -> Field {
    real(
      name,
      "The share of the ten seconds before the last reading in which some process waited for \(what), in per cent.",
      .cgroupPressure
    ) { $0.figures[figure].map { Double($0) / 100 } }
  }
}

extension LiveFacts {
  /// The cgroup that the event is about, or the one around the process of which something was read.
  fileprivate var cgroup: CgroupRow? {
    event.cgroup ?? event.process?.cgroup.flatMap { model.cgroups.nearest($0) }
  }
}
