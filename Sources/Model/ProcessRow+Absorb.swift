import Events

extension ProcessRow {
  /// Takes one parameter of a record over. Equal text keeps the old bytes, which are shared with relatives.
  ///
  /// - Parameter allowance: how much text the row may hold.
  /// - Returns: `false` when text had to be cut to keep the row within its limit.
  func absorb(_ parameter: Parameter, _ value: Span<UInt8>, _ allowance: TextAllowance) -> Bool {
    switch parameter {
    case .name: replace(&name, value)
    case .arguments:
      let room = max(0, allowance.row - otherTextBytes)
      let kept = value.extracting(first: min(room, value.count))
      if arguments.map({ !equal($0, kept) }) ?? true { arguments = kept.array }
      return kept.count == value.count
    case .exePath: return replaceText(&exePath, value, allowance)
    case .workingDirectory: return replaceText(&workingDirectory, value, allowance)
    case .root: return replaceText(&root, value, allowance)
    case .cgroup: return replaceText(&cgroup, value, allowance)
    case .containerID, .containerType, .containerVouched: absorbClaim(parameter, value)
    default: absorbNumber(parameter, value)
    }
    return true
  }

  private func absorbNumber(_ parameter: Parameter, _ value: Span<UInt8>) {
    switch parameter {
    case .parentPID: parentPID = value.integer(Int32.self) ?? parentPID
    case .processGroup: processGroup = value.integer(Int32.self) ?? processGroup
    case .session: session = value.integer(Int32.self) ?? session
    case .terminal: terminal = value.integer(Int32.self) ?? terminal
    case .userIDs: users = ids(value, old: users)
    case .groupIDs: groups = ids(value, old: groups)
    case .capabilities: capabilities = CapabilitySets(value) ?? capabilities
    case .namespaces: namespaces = NamespaceSet(value).filled(from: namespaces)
    case .loginUser: loginUser = value.integer(UInt32.self) ?? loginUser
    case .seccomp: seccomp = value.integer(UInt8.self) ?? seccomp
    case .noNewPrivileges: noNewPrivileges = value.integer(UInt8.self).map { $0 != 0 } ?? noNewPrivileges
    case .tracerPID: tracerPID = value.integer(Int32.self) ?? tracerPID
    case .virtualPID: virtualPID = value.integer(Int32.self) ?? virtualPID
    case .taskFlags: taskFlags = value.integer(UInt64.self) ?? taskFlags
    case .supplementaryGroups, .seccompFilters, .threadCount, .memory, .virtualProcessGroup, .allCgroups,
      .hasHostRoot, .exeFile, .exeLayer, .oomScore, .securityLabel, .auxiliaryVector, .standardInput,
      .standardOutput, .standardError, .environment:
      ownDetails().absorb(parameter, value)
    default: break
    }
  }

  private func absorbClaim(_ parameter: Parameter, _ value: Span<UInt8>) {
    switch parameter {
    case .containerID where value.count == 0: claim = nil
    case .containerID:
      if claim.map({ !equal($0.id, value) }) ?? true {
        claim = Container(id: value.array, type: .unknown, standing: .unvouched)
      }
    case .containerType:
      claim?.type = value.integer(UInt8.self).flatMap(ContainerType.init(rawValue:)) ?? .unknown
    default:
      claim?.standing = value.integer(UInt8.self).flatMap(Container.Standing.init(rawValue:)) ?? .unvouched
    }
  }

  /// The connector tells two ids, real and effective; the kernel keeps the file-system id at the effective one.
  private func ids(_ value: Span<UInt8>, old: IDSet?) -> IDSet? {
    guard let real = value.integer(UInt32.self, at: 0), let effective = value.integer(UInt32.self, at: 1)
    else { return old }
    guard let saved = value.integer(UInt32.self, at: 2), let fileSystem = value.integer(UInt32.self, at: 3)
    else {
      return IDSet(real: real, effective: effective, saved: old?.saved ?? effective, fileSystem: effective)
    }
    return IDSet(real: real, effective: effective, saved: saved, fileSystem: fileSystem)
  }

  /// Bytes of text besides the arguments.
  private var otherTextBytes: Int {
    name.count + (exePath?.count ?? 0) + (workingDirectory?.count ?? 0) + (root?.count ?? 0)
      + (cgroup?.count ?? 0)
      + (claim?.id.count ?? 0)
  }

  /// A path that was cut before, as much as was right then, and is the same stays as it is: it has not changed.
  private func replaceText(
    _ old: inout [UInt8]?, _ value: Span<UInt8>, _ allowance: TextAllowance
  ) -> Bool {
    if let old, equal(old, value) { return true }
    if let old, TextAllowance.isCut(old, of: value) { return false }
    guard value.count > allowance.path else {
      old = value.array
      return true
    }
    old = allowance.cut(value)
    return false
  }

  private func replace(_ old: inout [UInt8], _ value: Span<UInt8>) {
    if !equal(old, value) { old = value.array }
  }
}

private func equal(_ array: [UInt8], _ span: Span<UInt8>) -> Bool {
  guard array.count == span.count else { return false }
  for index in 0..<array.count where array[index] != span[index] { return false }
  return true
}

extension CapabilitySets {
  fileprivate init?(_ value: Span<UInt8>) {
    guard let inheritable = value.integer(UInt64.self, at: 0),
      let permitted = value.integer(UInt64.self, at: 1),
      let effective = value.integer(UInt64.self, at: 2), let bounding = value.integer(UInt64.self, at: 3),
      let ambient = value.integer(UInt64.self, at: 4)
    else { return nil }
    self.init(
      inheritable: inheritable, permitted: permitted, effective: effective, bounding: bounding,
      ambient: ambient)
  }
}

extension NamespaceSet {
  fileprivate init(_ value: Span<UInt8>) {
    self.init()
    for type in NamespaceType.allCases { self[type] = value.integer(UInt64.self, at: type.rawValue) ?? 0 }
  }
}
