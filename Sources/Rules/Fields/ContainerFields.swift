import Events
import Model

extension FieldRegistry {
  /// `container.*`.
  static let container: [Field] = identity + kept + mounts

  private static let identity: [Field] = [
    Field(
      "container.id", .charbuf,
      "Id of the container that is vouched for, its first 12 digits where it has 64; host outside containers.",
      needs: .cgroup, kinds: .ofPlace
    ) { facts, _, values in
      guard facts.hasPlace else { return }
      if let container = facts.event.container { values.text(container.shortID) } else { values.text("host") }
    },
    Field("container.full_id", .charbuf, "Id of the container in full.", needs: .cgroup, kinds: .ofPlace) {
      $2.text($0.event.container?.id)
    },
    Field(
      "container.type", .charbuf,
      "Runtime of the container: docker, podman, containerd, …; host outside containers.",
      needs: .cgroup, kinds: .ofPlace
    ) { facts, _, values in
      guard facts.hasPlace else { return }
      values.text(facts.event.container?.type.name ?? "host")
    },
    Field(
      "container.vouched", .bool,
      "A runtime's own file speaks for the container's id; otherwise only the process's namespaces do, which anybody can "
        + "make.", needs: .cgroup
    ) { facts, _, values in
      guard let container = facts.event.container else { return }
      values.flag(container.standing == .vouched)
    },
    Field(
      "container.start_ts", .abstime,
      "Start of the container's first process: nanoseconds since 1970 UTC, in steps of a clock tick.",
      needs: .cgroup
    ) { facts, _, values in
      guard let age = facts.containerAge else { return }
      values.number(facts.event.time &- age)
    },
    Field(
      "container.duration", .reltime, "Nanoseconds since the container's first process started.",
      needs: .cgroup
    ) { facts, _, values in values.number(facts.containerAge) },
    Field(
      "container.host_pid", .bool, "The container shares the host's pid namespace.",
      needs: [metadata, .namespace(.pid)]
    ) { $2.flag($0.model.sharesHost(.pid, $0.event.container)) },
    Field(
      "container.host_network", .bool, "The container shares the host's network namespace.",
      needs: [metadata, .namespace(.net)]
    ) { $2.flag($0.model.sharesHost(.net, $0.event.container)) },
    Field(
      "container.host_ipc", .bool, "The container shares the host's ipc namespace.",
      needs: [metadata, .namespace(.ipc)]
    ) { $2.flag($0.model.sharesHost(.ipc, $0.event.container)) },
    Field(
      "container.privileged", .bool,
      "The container was started with all privileges, as its runtime was told; where no file says so, whether its first "
        + "process has the host's whole power: every capability, in the host's user namespace.",
      needs: [metadata, .credentials, .namespace(.user)]
    ) { $2.flag($0.model.isPrivileged($0.event.container)) },
    Field("container.ip", .charbuf, "Address of the container."),
    Field("container.cni.json", .charbuf, "Result of the network plugins, as JSON."),
  ]

  /// What must be read for what the runtimes' files tell.
  static let metadata: Needs = [.cgroup, .containerMetadata]

  /// What the runtimes' files tell and nothing else does.
  private static let kept: [Field] = [
    Field(
      "container.name", .charbuf, "Name of the container; host outside containers.", needs: metadata,
      kinds: .ofPlace
    ) {
      facts, _, values in
      guard facts.hasPlace else { return }
      if facts.event.container == nil {
        values.text("host")
      } else {
        values.text(filled: facts.details?.name)
      }
    },
    Field(
      "container.image", .charbuf, "Image of the container as it was asked for.", needs: metadata,
      kinds: .ofPlace
    ) {
      $2.text(filled: $0.details?.image)
    },
    Field("container.image.id", .charbuf, "Id of the image.", needs: metadata, kinds: .ofPlace) {
      $2.text(filled: $0.details?.imageID)
    },
    Field(
      "container.image.repository", .charbuf,
      "Repository of the image, with the registry where it was named.",
      needs: metadata, kinds: .ofPlace
    ) { $2.text(filled: $0.details?.repository) },
    Field(
      "container.image.tag", .charbuf,
      "Tag of the image; latest when it was asked for by neither tag nor digest.",
      needs: metadata, kinds: .ofPlace
    ) { $2.text(filled: $0.details?.tag) },
    Field("container.image.digest", .charbuf, "Digest of the image.", needs: metadata, kinds: .ofPlace) {
      $2.text(filled: $0.details?.digest)
    },
    Field(
      "container.user", .charbuf,
      "User that the container was told to run as: a name, or numbers as user:group.", needs: metadata,
      kinds: .ofPlace
    ) { $2.text(filled: $0.details?.user) },
    Field(
      "container.is_sandbox", .bool, "The container only holds the namespaces of its pod (pause).",
      needs: metadata, kinds: .ofPlace
    ) { $2.flag($0.details?.isSandbox) },
    Field(
      "container.healthcheck", .charbuf, "Command of the health check; NONE when it was switched off.",
      needs: metadata, kinds: .ofPlace
    ) {
      $2.probe($0.details?.healthcheck)
    },
    Field(
      "container.liveness_probe", .charbuf, "Command of the liveness probe.", needs: metadata, kinds: .ofPlace
    ) {
      $2.probe($0.details?.livenessProbe)
    },
    Field(
      "container.readiness_probe", .charbuf, "Command of the readiness probe.", needs: metadata,
      kinds: .ofPlace
    ) {
      $2.probe($0.details?.readinessProbe)
    },
    Field(
      "container.label", .charbuf, "Value of a label: container.label[maintainer].", argument: .dottedKey,
      needs: metadata, kinds: .ofPlace
    ) { $2.label($1, of: $0.details?.labels) },
    Field(
      "container.labels", .charbuf, "Labels as key:value, joined by commas.", needs: metadata, kinds: .ofPlace
    ) {
      $2.labels($0.details?.labels)
    },
  ]

  private static let mounts: [Field] = [
    Field(
      "container.mounts", .charbuf, "Mounts as source:dest:mode:rdwr:propagation, joined by commas.",
      needs: metadata, kinds: .ofPlace
    ) { facts, _, values in
      guard let mounts = facts.details?.mounts else { return }
      let start = values.beginText()
      for (index, mount) in mounts.enumerated() {
        if index > 0 { values.add(UInt8(ascii: ",")) }
        values.add(mount)
      }
      values.endText(start)
    },
    mount("container.mount", "One mount, by number or by a pattern of its source.", by: { $0.source }) {
      values, mount in
      let start = values.beginText()
      values.add(mount)
      values.endText(start)
    },
    mount(
      "container.mount.source", "Source of a mount, by number or by a pattern of its destination.",
      by: { $0.destination }
    ) { $0.text($1.source) },
    mount(
      "container.mount.dest", "Destination of a mount, by number or by a pattern of its source.",
      by: { $0.source }
    ) {
      $0.text($1.destination)
    },
    mount(
      "container.mount.mode", "Mode of a mount, by number or by a pattern of its source.", by: { $0.source }
    ) {
      $0.text($1.mode)
    },
    mount(
      "container.mount.rdwr", "Whether a mount may be written, by number or by a pattern of its source.",
      by: { $0.source }
    ) { $0.text($1.isWritable ? "true" : "false") },
    mount(
      "container.mount.propagation", "Propagation of a mount, by number or by a pattern of its source.",
      by: { $0.source }
    ) { $0.text($1.propagation) },
  ]

  /// A field of one mount: that of the number, or the first whose `side` the pattern matches.
  private static func mount(
    _ name: String, _ help: String, by side: @escaping @Sendable (ContainerMetadata.Mount) -> [UInt8],
    read: @escaping @Sendable (inout Values, ContainerMetadata.Mount) -> Void
  ) -> Field {
    Field(name, .charbuf, help, argument: .either, needs: metadata, kinds: .ofPlace) {
      facts, argument, values in
      guard let mounts = facts.details?.mounts else { return }
      switch argument {
      case .index(let index):
        if mounts.indices.contains(index) { read(&values, mounts[index]) }
      case .key(let pattern):
        let found = mounts.first { values.matches(side($0), pattern: pattern) }
        if let found { read(&values, found) }
      case .none: break
      }
    }
  }
}

extension LiveFacts {
  /// What the container's runtime tells of it.
  var details: ContainerMetadata.Details? { model.metadata(of: event.container)?.details }

  /// Nanoseconds since the first process of the container started.
  fileprivate var containerAge: UInt64? {
    model.reference(of: event.container).map { age(ofStart: $0.startTicks) }
  }

  /// Whether the process, or one of its creators in the same container, is what a runtime puts into the container to see
  /// how it is.
  func isProbe(_ probe: ContainerMetadata.Probe?) -> Bool? {
    guard let row, let container = event.container else { return nil }
    guard case .command(let command) = probe else { return false }
    let isOne = { (row: ProcessRow) in
      row.isContainerExec && row.container?.id == container.id && row.arguments == command
    }
    return isOne(row) || row.ancestors.contains(where: isOne)
  }
}

extension Values {
  fileprivate mutating func add(_ mount: ContainerMetadata.Mount) {
    let colon = UInt8(ascii: ":")
    add(mount.source)
    add(colon)
    add(mount.destination)
    add(colon)
    add(mount.mode)
    add(mount.isWritable ? ":true:" : ":false:")
    add(mount.propagation)
  }

  fileprivate mutating func probe(_ probe: ContainerMetadata.Probe?) {
    switch probe {
    case .switchedOff: text("NONE")
    case .command(let command):
      let start = beginText()
      add(command.span.extracting(droppingLast: 1), replacing: 0, by: UInt8(ascii: " "))
      endText(start)
    case nil: break
    }
  }

  /// Whether a shell pattern among the constants matches a text.
  fileprivate func matches(_ text: [UInt8], pattern: ByteRange) -> Bool {
    Glob.matches(text.span, bytes.span.extracting(pattern.indices))
  }

  mutating func label(_ argument: BoundArgument, of labels: [ContainerMetadata.Label]?) {
    guard case .key(let key) = argument, let found = labels?.first(where: { holds($0.key, at: key) }) else {
      return
    }
    text(found.value)
  }

  mutating func labels(_ labels: [ContainerMetadata.Label]?) {
    guard let labels else { return }
    let start = beginText()
    for (index, label) in labels.enumerated() {
      if index > 0 { add(", ") }
      add(label.key)
      if !label.value.isEmpty {
        add(UInt8(ascii: ":"))
        add(label.value)
      }
    }
    endText(start)
  }
}
