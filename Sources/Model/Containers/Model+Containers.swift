public import Events

// Containers: what is known of them, and the events of their coming and going.
extension Model {
  /// What its runtime tells of a container; `nil` while it is not known, and for the host.
  public func metadata(of container: Container?) -> ContainerMetadata? {
    container.flatMap { containers.metadata($0.id) }
  }

  /// What its runtime tells of the container with this id, as of a pod's sandbox.
  public func metadata(ofContainer id: [UInt8]) -> ContainerMetadata? { containers.metadata(id) }

  /// Whether a source has said what it knows of the container, be it nothing.
  public func isAnswered(_ id: [UInt8]) -> Bool { containers.isAnswered(id) }

  /// Takes over what a source found out about a container.
  public mutating func learn(_ answer: ContainerAnswer) { containers.learn(answer) }

  /// Whether a container has the host's whole power: what its runtime was told, else what its reference process has.
  ///
  /// In a user namespace of its own a full set of capabilities is not power over the host. The newest capabilities do
  /// not count, which older runtimes do not know. See capabilities(7), user_namespaces(7).
  public func isPrivileged(_ container: Container?) -> Bool? {
    guard let container else { return nil }
    if let told = metadata(of: container)?.details.isPrivileged { return told }
    guard let reference = reference(of: container), let own = reference.capabilities?.effective else {
      return nil
    }
    let full = settings.hostCapabilities & Self.commonCapabilities
    guard own & full == full else { return false }
    let user = reference.namespaces[.user]
    let host = settings.hostNamespaces[.user]
    return user == 0 || host == 0 ? nil : user == host
  }

  /// CAP_CHOWN to CAP_AUDIT_READ, which every supported kernel and runtime knows.
  private static var commonCapabilities: UInt64 { (1 << 38) - 1 }

  /// Whether a container shares a namespace with the host: as its reference process shows, else as its runtime was told.
  public func sharesHost(_ type: NamespaceType, _ container: Container?) -> Bool? {
    guard let container else { return nil }
    let host = settings.hostNamespaces[type]
    if let own = reference(of: container)?.namespaces[type], own != 0, host != 0 { return own == host }
    let details = metadata(of: container)?.details
    switch type {
    case .pid: return details?.sharesHostPID
    case .net: return details?.sharesHostNetwork
    case .ipc: return details?.sharesHostIPC
    default: return nil
    }
  }

  /// Adds the events of containers that came or went with a record: a start stands before the record's own events, an end
  /// behind them.
  mutating func appendContainerNews(
    _ record: borrowing RecordView, at first: Int, into events: inout [Event]
  ) {
    var start = first
    for news in containers.takeNews(record.stamp) {
      switch news {
      case .started(let container, let row):
        let kind: EventKind = isOlder(row, record) ? .containerSeen : .containerStarted
        events.insert(event(kind, record, row, container: container), at: min(start, events.count))
        start += 1
      case .stopped(let container, let reference):
        events.append(
          event(.containerStopped, record, table.row(reference.key), container: container))
      }
    }
  }

  /// Whether a container whose first process was just met may be older than the agent. Until the first listing is over,
  /// what was put into a container counts as old as the container: nobody knows yet what runs there.
  private func isOlder(_ row: ProcessRow, _ record: borrowing RecordView) -> Bool {
    row.startTicks < clock.ticks(settings.startStamp)
      || !hasListed && record.stamp < settings.startStamp &+ Self.firstListingLimit
  }

  /// How long the first listing is waited for: without the sweep there is none.
  private static var firstListingLimit: UInt64 { 2_000_000_000 }
}
