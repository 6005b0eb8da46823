import Events
import Model

extension FieldRegistry {
  /// `proc.*` about parent, ancestors, session and process group.
  static let procFamily: [Field] =
    [
      Field("proc.pname", .charbuf, "Name of the process that made this one.") {
        $2.text(filled: $0.parent?.name)
      },
      Field("proc.pexe", .charbuf, "First argument (argv[0]) of the creator.", needs: .arguments) {
        $2.argument(0, of: $0.parent)
      },
      Field("proc.pexepath", .charbuf, "Path of the creator's executable.", needs: .exe) {
        $2.text(filled: $0.parent?.exePath)
      },
      Field("proc.pcmdline", .charbuf, "Name and arguments of the creator.", needs: .arguments) {
        $2.commandLine(of: $0.parent)
      },
      Field("proc.pvpid", .int64, "Process id of the creator in its own pid namespace.", needs: .credentials)
      {
        $2.number($0.parent?.virtualPID)
      },
      Field("proc.ppid.duration", .reltime, "Nanoseconds since the creator started.") { facts, _, values in
        guard let parent = facts.parent else { return }
        values.number(facts.age(of: parent))
      },
      Field("proc.ppid.ts", .reltime, "Start of the creator: nanoseconds since 1970 UTC.") {
        facts, _, values in
        guard let parent = facts.parent else { return }
        values.number(facts.start(of: parent))
      },

      Field(
        "proc.apid", .int64,
        "Process ids of the creator, its creator, and so on; with an index, that one: 0 is the process itself.",
        many: .any, argument: .optionalIndex, printedAs: "proc.pid"
      ) { facts, argument, values in facts.eachAncestor(argument) { values.number($0.pid) } },
      Field(
        "proc.aname", .charbuf, "Names of the ancestors; with an index, that one: 0 is the process itself.",
        many: .any, argument: .optionalIndex
      ) { facts, argument, values in facts.eachAncestor(argument) { values.text(filled: $0.name) } },
      Field(
        "proc.aid", .charbuf,
        "Ids of the ancestors, each as proc.id; with an index, that one: 0 is the process itself.",
        many: .any,
        argument: .optionalIndex
      ) { facts, argument, values in
        facts.eachAncestor(argument) { values.id(of: $0, bootID: facts.host.bootID) }
      },
      Field(
        "proc.lineage", .charbuf,
        "The process and its ancestors as one line, the oldest first, with their process ids: init(1) > sshd(800) > sh(812)."
      ) { facts, _, values in
        guard let row = facts.row else { return }
        let start = values.beginText()
        for ancestor in facts.ancestors.reversed() {
          values.add(link: ancestor)
          values.add(" > ")
        }
        values.add(link: row)
        values.endText(start)
      },
      Field(
        "proc.aexe", .charbuf, "First arguments (argv[0]) of the ancestors; with an index, that one.",
        many: .any, argument: .optionalIndex, needs: .arguments
      ) { facts, argument, values in facts.eachAncestor(argument) { values.argument(0, of: $0) } },
      Field(
        "proc.aexepath", .charbuf, "Paths of the ancestors' executables; with an index, that one.",
        many: .any, argument: .optionalIndex, needs: .exe
      ) { facts, argument, values in facts.eachAncestor(argument) { values.text(filled: $0.exePath) } },
      Field(
        "proc.aargs", .charbuf, "Arguments of the ancestors, as proc.args; with an index, that one's.",
        many: .any, argument: .optionalIndex, needs: .arguments
      ) { facts, argument, values in facts.eachAncestor(argument) { values.arguments(of: $0) } },
      Field(
        "proc.acmdline", .charbuf, "Names and arguments of the ancestors; with an index, that one's.",
        many: .any, argument: .optionalIndex, needs: .arguments
      ) { facts, argument, values in facts.eachAncestor(argument) { values.commandLine(of: $0) } },
      Field(
        "proc.aenv", .charbuf,
        "Environments of the ancestors; with an index, that one's; with a key, that variable of the nearest.",
        many: .any, argument: .optionalEither, needs: .ancestorEnvironment
      ) { facts, argument, values in
        if case .key = argument {
          _ = facts.ancestors.first { values.environment(of: $0, argument) }
        } else {
          facts.eachAncestor(argument) { values.environment(of: $0, .none) }
        }
      },

      Field(
        "proc.loginshellid", .int64, "Process id of the oldest shell among the process and its ancestors."
      ) { facts, _, values in values.number(facts.oldestShell) },
      Field("proc.sid", .int64, "Session id.") { $2.number($0.row?.session) },
      Field("proc.sname", .charbuf, "Name of the session's leader.") {
        $2.text(filled: $0.leader($0.row?.session)?.name)
      },
      Field("proc.sid.exe", .charbuf, "First argument (argv[0]) of the session's leader.", needs: .arguments)
      {
        $2.argument(0, of: $0.leader($0.row?.session))
      },
      Field("proc.sid.exepath", .charbuf, "Path of the executable of the session's leader.", needs: .exe) {
        $2.text(filled: $0.leader($0.row?.session)?.exePath)
      },
      Field("proc.is_sid_leader", .bool, "The process leads its session.") { facts, _, values in
        guard let row = facts.row, let session = row.session else { return }
        values.flag(session == row.pid)
      },
      Field("proc.pgid", .int64, "Process group id, as the host sees it.") {
        $2.number($0.row?.processGroup)
      },
      Field(
        "proc.vpgid", .int64, "Process group id in the process's own pid namespace.", needs: .status
      ) { $2.number($0.row?.details?.virtualProcessGroup) },
    ]
    + ["pgid", "vpgid"].flatMap { prefix in
      [
        Field("proc.\(prefix).name", .charbuf, "Name of the leader of the process group.") {
          $2.text(filled: $0.leader($0.row?.processGroup)?.name)
        },
        Field(
          "proc.\(prefix).exe", .charbuf, "First argument (argv[0]) of the leader of the process group.",
          needs: .arguments
        ) { $2.argument(0, of: $0.leader($0.row?.processGroup)) },
        Field(
          "proc.\(prefix).exepath", .charbuf, "Path of the executable of the leader of the process group.",
          needs: .exe
        ) { $2.text(filled: $0.leader($0.row?.processGroup)?.exePath) },
        Field("proc.is_\(prefix)_leader", .bool, "The process leads its process group.") { facts, _, values in
          guard let row = facts.row, let group = row.processGroup else { return }
          values.flag(group == row.pid)
        },
      ]
    }
}

extension LiveFacts {
  /// The process that traces this one.
  var tracer: ProcessRow? {
    if case .tracer(_, let row, _) = event.change { return row }
    guard let pid = event.process?.tracerPID, pid > 0 else { return nil }
    return model.table.row(pid)
  }

  /// Calls `body` with each creator, or with the one generation that the argument names.
  fileprivate func eachAncestor(_ argument: BoundArgument, _ body: (ProcessRow) -> Void) {
    if case .index(let index) = argument {
      if let row = generation(index) { body(row) }
    } else {
      for row in ancestors { body(row) }
    }
  }

  fileprivate var oldestShell: Int32? {
    if let oldest = ancestors.last(where: { LiveFacts.shells.contains($0.name) }) { return oldest.pid }
    return row.flatMap { LiveFacts.shells.contains($0.name) ? $0.pid : nil }
  }

  fileprivate static let lineageSigns = Array("()>\\".utf8)

  private static let shells = Set(
    ["ash", "bash", "csh", "dash", "fish", "ksh", "mksh", "sh", "tcsh", "zsh"].map { Array($0.utf8) })
}

extension Values {
  /// Appends what tells a process from all others for ever.
  mutating func id(of row: ProcessRow, bootID: [UInt8]) {
    let start = beginText()
    add(bootID)
    add(UInt8(ascii: ":"))
    add(decimal: row.pid)
    add(UInt8(ascii: ":"))
    add(decimal: row.startTicks)
    endText(start)
  }

  /// Adds one member of a lineage to the text that was begun. A process chooses its name: what a lineage is written with
  /// stands behind a backslash in it, so that nobody invents ancestors.
  fileprivate mutating func add(link row: ProcessRow) {
    for byte in row.name {
      if LiveFacts.lineageSigns.contains(byte) { add(UInt8(ascii: "\\")) }
      add(byte)
    }
    add("(")
    add(decimal: row.pid)
    add(")")
  }
}
