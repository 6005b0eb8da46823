/// The labels and annotations by which Kubernetes' runtimes, podman and docker tell what a container is.
///
/// What remains after those are the container's labels. Annotations that can hold the whole specification of a pod, with
/// the environment in it, do not remain.
struct ContainerAnnotations {
  private(set) var description = ContainerDescription()

  init(_ table: [String: String]) {
    let value = { (keys: [String]) in
      keys.lazy.compactMap { table[$0] }.first { !$0.isEmpty }
    }
    description.name = value(["io.kubernetes.cri.container-name", "io.kubernetes.cri-o.Name", "nerdctl/name"])
    description.image = value([
      "io.kubernetes.cri.image-name", "io.kubernetes.cri-o.ImageName", "nerdctl/image-name",
    ])
    description.imageID = value(["io.kubernetes.cri-o.Image"]).map(ImageID.digits)
    var pod = ContainerDescription.Pod()
    pod.name = value([
      "io.kubernetes.cri.sandbox-name", "io.kubernetes.pod.name", "io.kubernetes.cri-o.KubeName",
    ])
    pod.namespace = value([
      "io.kubernetes.cri.sandbox-namespace", "io.kubernetes.pod.namespace", "io.kubernetes.cri-o.Namespace",
    ])
    pod.uid = value(["io.kubernetes.cri.sandbox-uid", "io.kubernetes.pod.uid"])
    pod.sandboxID = value([
      "io.kubernetes.cri.sandbox-id", "io.kubernetes.cri-o.SandboxID", "io.kubernetes.sandbox.id",
    ])
    description.pod = pod
    let type = value([
      "io.kubernetes.cri.container-type", "io.kubernetes.cri-o.ContainerType", "io.kubernetes.docker.type",
    ])
    description.isSandbox = type == "sandbox" || type == "podsandbox"
    switch value(["io.podman.annotations.privileged", "io.kubernetes.cri-o.PrivilegedRuntime"])?.lowercased()
    {
    case "true": description.isPrivileged = true
    case "false": description.isPrivileged = false
    default: break
    }
    readProbes(value(Self.specifications), container: table["io.kubernetes.container.name"])
    for (key, text) in table where !Self.isInternal(key) { description.labels[key] = text }
    // CRI-O keeps the labels as one text.
    if let labels = table["io.kubernetes.cri-o.Labels"].flatMap({ LabelText(parsing: Array($0.utf8)) }) {
      description.labels.merge(labels.labels) { own, _ in own }
    }
  }

  /// Where kubectl writes the whole specification down that it applied.
  private static let specifications = [
    "annotation.kubectl.kubernetes.io/last-applied-configuration",
    "kubectl.kubernetes.io/last-applied-configuration",
  ]

  private static func isInternal(_ key: String) -> Bool {
    specifications.contains(key) || key.hasPrefix("io.kubernetes.cri-o.")
      || key.hasPrefix("io.kubernetes.cri.")
      || key.hasPrefix("io.podman.annotations.") || key == "bundle"
  }

  /// The probes of a pod's specification: those of the container of this name, else of the first that has any.
  private mutating func readProbes(_ specification: String?, container: String?) {
    guard let specification, let pod = PodSpecification(parsing: Array(specification.utf8)) else { return }
    let probes =
      pod.containers.first { $0.name == container && container != nil }
      ?? pod.containers.first { $0.liveness != nil || $0.readiness != nil }
    description.livenessProbe = probes?.liveness.map { .command($0) }
    description.readinessProbe = probes?.readiness.map { .command($0) }
  }
}

/// Labels that are the text of an object.
private struct LabelText: JSONFile {
  private(set) var labels: [String: String] = [:]

  init?(_ object: JSONObject) {
    for key in object.keys { labels[key] = object.text(key) }
  }
}

/// As much of a pod's specification as is wanted.
private struct PodSpecification: JSONFile {
  struct Container {
    let name: String?
    let liveness: [String]?
    let readiness: [String]?
  }

  let containers: [Container]

  init?(_ object: JSONObject) {
    guard let spec = object.object("spec") else { return nil }
    func command(_ container: JSONObject, _ probe: String) -> [String]? {
      let command = container.object(probe)?.object("exec")?.texts("command")
      return command.flatMap { $0.isEmpty ? nil : $0 }
    }
    containers = spec.objects("containers").map {
      Container(
        name: $0.text("name"), liveness: command($0, "livenessProbe"),
        readiness: command($0, "readinessProbe"))
    }
  }
}
