import Events
import Model

extension FieldRegistry {
  /// `container.*`.
  static let container: [Field] = [
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
    Field("container.name", .charbuf, "Name of the container."),
    Field("container.image", .charbuf, "Image of the container as it was asked for."),
    Field("container.image.id", .charbuf, "Id of the image."),
    Field("container.image.repository", .charbuf, "Repository of the image."),
    Field("container.image.tag", .charbuf, "Tag of the image."),
    Field("container.image.digest", .charbuf, "Digest of the image."),
    Field("container.privileged", .bool, "The container was started with all privileges."),
    Field("container.mounts", .charbuf, "Mounts as source:dest:mode:rdwr:propagation, joined by commas."),
    Field(
      "container.mount", .charbuf, "One mount, by number or by a pattern of its source.", argument: .either),
    Field(
      "container.mount.source", .charbuf, "Source of a mount, by number or destination.", argument: .either),
    Field(
      "container.mount.dest", .charbuf, "Destination of a mount, by number or source.", argument: .either),
    Field("container.mount.mode", .charbuf, "Mode of a mount, by number or source.", argument: .either),
    Field(
      "container.mount.rdwr", .charbuf, "Whether a mount may be written, by number or source.",
      argument: .either),
    Field(
      "container.mount.propagation", .charbuf, "Propagation of a mount, by number or source.",
      argument: .either),
    Field("container.healthcheck", .charbuf, "Command of the health check."),
    Field("container.liveness_probe", .charbuf, "Command of the liveness probe."),
    Field("container.readiness_probe", .charbuf, "Command of the readiness probe."),
    Field("container.start_ts", .abstime, "Start of the container: nanoseconds since 1970 UTC."),
    Field("container.duration", .reltime, "Nanoseconds since the container started."),
    Field("container.ip", .charbuf, "Address of the container."),
    Field("container.cni.json", .charbuf, "Result of the network plugins, as JSON."),
    Field("container.host_pid", .bool, "The container shares the host's pid namespace."),
    Field("container.host_network", .bool, "The container shares the host's network namespace."),
    Field("container.host_ipc", .bool, "The container shares the host's ipc namespace."),
    Field(
      "container.label", .charbuf, "Value of a label: container.label[maintainer].", argument: .dottedKey),
    Field("container.labels", .charbuf, "Labels as key:value, joined by commas."),
  ]
}
