extension Configuration {
  /// The options of `cgroup`.
  static let cgroupOptions: [ConfigurationOption<Configuration>] = [
    .init("cgroup.interval", \.cgroups.interval, "How often the figures of containers and units are read."),
    .init(
      "cgroup.throttled_percent", \.cgroups.throttling,
      "A `cpu_throttled` event: the CPU quota was used up in this share of the periods since the last reading."
    ),
    .init(
      "cgroup.cpu_pressure_percent", \.cgroups.cpuPressure,
      "A `pressure` event: some process waited for a CPU in this share of ten seconds."),
    .init(
      "cgroup.memory_pressure_percent", \.cgroups.memoryPressure,
      "A `pressure` event: some process waited for memory in this share of ten seconds."),
    .init(
      "cgroup.io_pressure_percent", \.cgroups.ioPressure,
      "A `pressure` event: some process waited for a block device in this share of ten seconds."),
    .init(
      "cgroup.memory_percent", \.cgroups.memoryUse,
      "A `memory_near_limit` event: this share of the limit on memory is in use."),
  ]
}
