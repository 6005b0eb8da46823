import Events
import Model

extension FieldRegistry {
  /// `proc.*` of the process itself.
  static let proc: [Field] = [
    Field("proc.pid", .int64, "Process id, as the host sees it.") { $2.number($0.row?.pid) },
    Field(
      "proc.ppid", .int64,
      "Process id of the parent as the kernel names it now: a reaper, once the creator has gone."
    ) { $2.number($0.row?.parentPID) },
    Field("proc.vpid", .int64, "Process id in the process's own pid namespace.", needs: .credentials) {
      $2.number($0.row?.virtualPID)
    },
    Field(
      "proc.id", .charbuf,
      "One process of one host for ever: boot id, process id and start time, joined by ':'."
    ) { facts, _, values in
      guard let row = facts.row else { return }
      values.id(of: row, bootID: facts.host.bootID)
    },
    Field("proc.name", .charbuf, "Name of the process (comm), at most 15 bytes.") {
      $2.text(filled: $0.row?.name)
    },
    Field("proc.exe", .charbuf, "First argument (argv[0]): what the caller says it runs.", needs: .arguments)
    {
      $2.argument(0, of: $0.row)
    },
    Field(
      "proc.exepath", .charbuf,
      "Path of the executable as the kernel spells it: ' (deleted)' follows the path of a removed file.",
      needs: .exe
    ) { $2.text(filled: $0.row?.exePath) },
    Field(
      "proc.args", .charbuf, "Arguments after argv[0], joined by blanks; with an index, that one, from 0.",
      argument: .optionalIndex, needs: .arguments, parts: { $2.eachArgument(of: $0.row) }
    ) { facts, argument, values in
      if case .index(let index) = argument { return values.argument(index + 1, of: facts.row) }
      values.arguments(of: facts.row)
    },
    Field(
      "proc.argv", .charbuf, "All arguments from argv[0] on, one by one.", many: .list, needs: .arguments
    ) { $2.eachArgument(of: $0.row, from: 0) },
    Field(
      "proc.cmdline", .charbuf,
      "The name and the arguments after argv[0], joined by blanks; at most 4096 bytes.",
      needs: .arguments
    ) { $2.commandLine(of: $0.row) },
    Field(
      "proc.exeline", .charbuf, "All arguments from argv[0] on, joined by blanks; at most 4096 bytes.",
      needs: .arguments
    ) { $2.arguments(of: $0.row, from: 0) },
    Field("proc.cmdnargs", .uint64, "How many arguments follow argv[0].", needs: .arguments) {
      facts, _, values in
      guard let arguments = facts.row?.arguments else { return }
      values.number(max(0, ArgumentList.size(arguments.span).count - 1))
    },
    Field(
      "proc.cmdlenargs", .uint64, "Bytes of the arguments after argv[0], without what separates them.",
      needs: .arguments
    ) { facts, _, values in
      guard let arguments = facts.row?.arguments else { return }
      values.number(ArgumentList.size(arguments.span).bytesAfterFirst)
    },
    Field("proc.cwd", .charbuf, "Working directory, ending with '/'.", needs: .workingDirectory) {
      facts, _, values in
      guard let path = facts.row?.workingDirectory, !path.isEmpty else { return }
      let start = values.beginText()
      values.add(path)
      if path.last != UInt8(ascii: "/") { values.add(UInt8(ascii: "/")) }
      values.endText(start)
    },
    Field("proc.root", .charbuf, "Root directory, as the host sees it.", needs: .root) {
      $2.text(filled: $0.row?.root)
    },
    Field("proc.cgroup.path", .charbuf, "Path of the process's cgroup.", needs: .cgroup) {
      $2.text($0.row?.cgroup)
    },
    Field(
      "proc.cgroup.claims", .charbuf,
      "Container id that the cgroup's name claims while nothing vouches for it: anyone with a delegated cgroup can "
        + "take such a name.", needs: .cgroup
    ) { facts, _, values in
      guard let row = facts.row, row.container == nil, let claim = row.claim,
        !facts.model.isStartingContainer(row)
      else { return }
      values.text(claim.id)
    },
    Field("proc.tty", .uint32, "Device number of the controlling terminal; 0 for none.") {
      $2.number($0.row?.terminal)
    },
    Field("proc.duration", .reltime, "Nanoseconds since the process started, in steps of a clock tick.") {
      facts, _, values in
      guard let row = facts.row else { return }
      values.number(facts.age(of: row))
    },
    Field("proc.pid.ts", .reltime, "Start of the process: nanoseconds since 1970 UTC.") { facts, _, values in
      guard let row = facts.row else { return }
      values.number(facts.start(of: row))
    },
    Field("proc.nchilds", .uint64, "Child threads and processes that are alive."),
    Field("proc.fdopencount", .uint64, "Open file descriptors."),
    Field("proc.fdlimit", .int64, "Most file descriptors that the process may have open."),
    Field("proc.fdusage", .double, "Open file descriptors in per cent of the limit."),
    Field("proc.seccomp", .uint8, "Seccomp mode: 0 off, 1 strict, 2 filter.", needs: .credentials) {
      $2.number($0.row?.seccomp)
    },
    Field("proc.no_new_privs", .bool, "No exec can give the process more privileges.", needs: .credentials) {
      $2.flag($0.row?.noNewPrivileges)
    },
    Field("proc.tracer.pid", .int64, "Process id of the tracer; 0 for none.", needs: .credentials) {
      facts, _, values in
      if case .tracer(let pid, _, _) = facts.event.change { return values.number(pid) }
      values.number(facts.row?.tracerPID)
    },
    Field("proc.tracer.name", .charbuf, "Name of the tracer.", needs: .credentials) {
      $2.text(filled: $0.tracer?.name)
    },
    Field("proc.tracer.exepath", .charbuf, "Path of the tracer's executable.", needs: [.credentials, .exe]) {
      $2.text(filled: $0.tracer?.exePath)
    },
    Field("proc.is_kernel_thread", .bool, "The process is a thread of the kernel.") { facts, _, values in
      values.flag(facts.row?.isKernelThread)
    },
    Field(
      "proc.is_container_exec", .bool,
      "A runtime put the process into a container that was running already, as docker exec does.",
      needs: .cgroup
    ) { $2.flag($0.row?.isContainerExec) },
    Field(
      "proc.caps_exceed_container", .bool,
      "The process has an effective capability that the process which stands for its container has not.",
      needs: [.credentials, .cgroup]
    ) { facts, _, values in
      guard let row = facts.row, let reference = facts.model.reference(of: facts.event.container),
        let own = row.capabilities, let allowed = reference.capabilities
      else { return }
      values.flag(own.effective & ~allowed.effective != 0)
    },
    probe("health check", "proc.is_container_healthcheck") { $0.healthcheck },
    probe("liveness probe", "proc.is_container_liveness_probe") { $0.livenessProbe },
    probe("readiness probe", "proc.is_container_readiness_probe") { $0.readinessProbe },
  ]

  /// Whether a process is one of its container's probes.
  private static func probe(
    _ noun: String, _ name: String,
    _ probe: @escaping @Sendable (ContainerMetadata.Details) -> ContainerMetadata.Probe?
  ) -> Field {
    Field(
      name, .bool, "The process is its container's \(noun), or below it.", needs: [metadata, .arguments]
    ) { facts, _, values in
      guard let details = facts.details else { return }
      values.flag(facts.isProbe(probe(details)))
    }
  }
}
