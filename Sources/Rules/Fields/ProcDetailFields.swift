import Events
import Model

extension FieldRegistry {
  /// `proc.*` that few rules ask for, and that are read for those alone.
  static let procDetail: [Field] =
    [
      Field(
        "proc.env", .charbuf,
        "Environment as it was at the exec, joined by blanks; with a key, that variable: of all others nothing is kept.",
        argument: .optionalEither, needs: .environment
      ) { facts, argument, values in values.environment(of: facts.row, argument) },
      Field(
        "proc.groups", .uint32, "Supplementary group ids, the 64 lowest.", many: .any,
        needs: .supplementaryGroups
      ) { facts, _, values in
        for group in facts.row?.details?.supplementaryGroups ?? [] { values.number(group) }
      },
      Field(
        "proc.host_caps", .charbuf,
        "Effective capabilities that are power over the host: none in a user namespace that is not the host's.",
        needs: [.credentials, .namespace(.user)]
      ) { facts, _, values in
        guard let row = facts.row, let isHost = facts.model.isHost(.user, of: row),
          let set = row.capabilities?.effective
        else { return }
        values.capabilities(isHost ? set : 0)
      },
      Field(
        "proc.is_root_host", .bool, "The process's root directory is the host's.", needs: .rootIdentity
      ) { $2.flag($0.row?.details?.hasHostRoot) },
      Field(
        "proc.at_secure", .bool,
        "The last exec gained privileges (AT_SECURE): a setuid program or one with capabilities.",
        needs: .auxiliaryVector
      ) { $2.flag($0.row?.details?.execution?.isSecure) },
      Field(
        "proc.auxv.uid", .uint32, "Real user id at the last exec, whatever became of it since.",
        needs: .auxiliaryVector
      ) { $2.number($0.row?.details?.execution?.realUser) },
      Field(
        "proc.auxv.euid", .uint32, "Effective user id at the last exec, whatever became of it since.",
        needs: .auxiliaryVector
      ) { $2.number($0.row?.details?.execution?.effectiveUser) },
      Field(
        "proc.lsm_label", .charbuf,
        "How a security module confines the process, as docker-default (enforce); no value without such a module.",
        needs: .securityLabel
      ) { $2.text(filled: $0.row?.details?.securityLabel) },
      Field(
        "proc.oom_score_adj", .int32, "How much likelier than others to be ended for memory.",
        needs: .oomScore
      ) {
        $2.number($0.row?.details?.oomScore)
      },
      Field("proc.seccomp_filters", .uint32, "Seccomp filters that are loaded (Linux 5.9).", needs: .status) {
        $2.number($0.row?.details?.seccompFilters)
      },
      Field("proc.nthreads", .uint64, "Threads that were alive when the process was read.", needs: .status) {
        $2.number($0.row?.details?.threadCount)
      },
      Field("proc.vmsize", .uint64, "Virtual memory in kB when the process was read.", needs: .status) {
        $2.number($0.row?.details?.memory?.virtual)
      },
      Field("proc.vmrss", .uint64, "Resident memory in kB when the process was read.", needs: .status) {
        $2.number($0.row?.details?.memory?.resident)
      },
      Field("proc.vmswap", .uint64, "Swapped memory in kB when the process was read.", needs: .status) {
        $2.number($0.row?.details?.memory?.swapped)
      },
    ]
    + ["stdin", "stdout", "stderr"].enumerated().flatMap { number, name in
      [
        Field(
          "proc.\(name).type", .charbuf, "Type of file descriptor \(number) at the exec, as fd.type.",
          needs: .standardStreams
        ) { $2.text(filled: $0.row?.details?.streams[number]?.type) },
        Field(
          "proc.\(name).name", .charbuf,
          "What file descriptor \(number) led to at the exec: a path, or the word and number of a pipe or socket.",
          needs: .standardStreams
        ) { $2.text(filled: $0.row?.details?.streams[number]?.name) },
      ]
    }
}

extension Values {
  /// Appends what is kept of a process's environment: all of it, the variable of that number as `NAME=value`, or the
  /// value of that name.
  /// - Returns: whether there was any.
  @discardableResult
  mutating func environment(of row: ProcessRow?, _ argument: BoundArgument) -> Bool {
    guard let text = row?.details?.environment else { return false }
    switch argument {
    case .none:
      let start = beginText()
      add(
        text.span.extracting(0..<(text.last == 0 ? text.count - 1 : text.count)), replacing: 0,
        by: UInt8(ascii: " "))
      endText(start, limit: Self.commandLineLimit)
    case .index(let index):
      guard let range = ArgumentList.argument(text.span, at: ArgumentList.start(of: index, text.span)) else {
        return false
      }
      self.text(text[range])
    case .key(let key):
      var start = 0
      while let variable = ArgumentList.argument(text.span, at: start) {
        start = variable.upperBound + 1
        let sign = variable.lowerBound + key.indices.count
        guard sign < variable.upperBound, text[sign] == UInt8(ascii: "="),
          Bytes.areEqual(text.span.extracting(variable.lowerBound..<sign), bytes.span.extracting(key.indices))
        else { continue }
        self.text(text[(sign + 1)..<variable.upperBound])
        return true
      }
      return false
    }
    return true
  }

  /// Appends the places in all hierarchies, or the one in that of a controller.
  mutating func cgroups(of row: ProcessRow?, _ argument: BoundArgument) {
    guard let text = row?.details?.cgroups else { return }
    guard case .key(let key) = argument else {
      let start = beginText()
      add(
        text.span.extracting(0..<(text.last == 0 ? text.count - 1 : text.count)), replacing: 0,
        by: UInt8(ascii: " "))
      return endText(start)
    }
    var start = 0
    var unified: Range<Int>?
    while let place = ArgumentList.argument(text.span, at: start) {
      start = place.upperBound + 1
      // The kernel allows no equals sign but in name=…, and a path begins with a slash.
      guard let slash = text[place].firstIndex(of: UInt8(ascii: "/")), slash > place.lowerBound else {
        continue
      }
      let controller = place.lowerBound..<slash - 1
      if controller.isEmpty { unified = slash..<place.upperBound }
      if Bytes.areEqual(text.span.extracting(controller), bytes.span.extracting(key.indices)) {
        return self.text(text[slash..<place.upperBound])
      }
    }
    // Version 2 has one hierarchy for all controllers.
    if let unified { self.text(text[unified]) }
  }
}
