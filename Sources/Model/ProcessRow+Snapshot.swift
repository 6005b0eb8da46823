extension ProcessRow {
  /// A copy that stays as the process is now, for an event that is judged later. Text is shared.
  /// - Parameter ancestors: the creators, which change too.
  public func snapshot(ancestors: [ProcessRow]) -> ProcessRow {
    let copy = ProcessRow(pid: pid, startTicks: startTicks, stamp: bornStamp)
    copy.startIsExact = startIsExact
    copy.parentPID = parentPID
    copy.ancestors = ancestors
    copyProgram(to: copy)
    copyIdentity(to: copy)
    copy.hasExecuted = hasExecuted
    copy.isContainerExec = isContainerExec
    copy.exitStatus = exitStatus
    copy.hasEnded = hasEnded
    copy.changedStamp = changedStamp
    copy.serial = serial
    copy.lastListing = lastListing
    copy.missedListings = missedListings
    copy.isFilled = isFilled
    copy.wasMetBySweep = wasMetBySweep
    return copy
  }

  private func copyProgram(to copy: ProcessRow) {
    copy.name = name
    copy.arguments = arguments
    copy.exePath = exePath
    copy.workingDirectory = workingDirectory
    copy.root = root
    copy.cgroup = cgroup
    copy.claim = claim
    copy.container = container
    copy.processGroup = processGroup
    copy.session = session
    copy.terminal = terminal
    copy.virtualPID = virtualPID
    copy.taskFlags = taskFlags
  }

  private func copyIdentity(to copy: ProcessRow) {
    copy.users = users
    copy.groups = groups
    copy.capabilities = capabilities
    copy.namespaces = namespaces
    copy.loginUser = loginUser
    copy.seccomp = seccomp
    copy.noNewPrivileges = noNewPrivileges
    copy.tracerPID = tracerPID
    copy.details = details
  }
}
