/// The labels and annotations by which Kubernetes' runtimes, podman and docker tell what a container is.
///
/// What remains after those are the container's labels. Annotations that can hold the whole specification of a pod, with
/// the environment in it, do not remain.
struct ContainerAnnotations {
  private(set) var description = ContainerDescription()

  /// - Parameter table: what a runtime wrote down. On CRI-O and docker that holds what others chose, the author of a pod or
  ///   of an image; so of several keys for one thing those count that the runtime at hand sets itself.
  init(_ table: [String: String]) {
    let isCRIO = table.keys.contains { $0.hasPrefix("io.kubernetes.cri-o.") }
    let prefix = isCRIO ? "io.kubernetes.cri-o." : "io.kubernetes.cri."
    func own(_ key: String) -> String? { Self.filled(table[prefix + key]) }
    description.name = own(isCRIO ? "Name" : "container-name") ?? Self.filled(table["nerdctl/name"])
    description.image =
      own(isCRIO ? "ImageName" : "image-name") ?? Self.filled(table["nerdctl/image-name"])
    description.imageID = isCRIO ? own("Image").map(ImageID.digits) : nil
    var pod = ContainerDescription.Pod()
    pod.name = own(isCRIO ? "KubeName" : "sandbox-name") ?? Self.filled(table["io.kubernetes.pod.name"])
    pod.namespace =
      own(isCRIO ? "Namespace" : "sandbox-namespace") ?? Self.filled(table["io.kubernetes.pod.namespace"])
    pod.uid = own("sandbox-uid") ?? Self.filled(table["io.kubernetes.pod.uid"])
    pod.sandboxID = own(isCRIO ? "SandboxID" : "sandbox-id")
    description.pod = pod
    description.isSandbox = own(isCRIO ? "ContainerType" : "container-type") == "sandbox"
    let privileged =
      isCRIO ? own("PrivilegedRuntime") : Self.filled(table["io.podman.annotations.privileged"])
    switch privileged?.lowercased() {
    case "true": description.isPrivileged = true
    case "false": description.isPrivileged = false
    default: break
    }
    readProbes(Self.specification(in: table), container: table["io.kubernetes.container.name"])
    takeLabels(table)
    // CRI-O keeps the labels as one text.
    if let labels = table["io.kubernetes.cri-o.Labels"].flatMap({ LabelText(parsing: Array($0.utf8)) }) {
      description.labels.merge(labels.labels) { own, _ in own }
    }
  }

  /// The labels of a container of docker, some of which its image brings: of rights they tell nothing. What they say of a
  /// pod holds unless the kubelet made the container, which gives it a name of its own form; of probes, only then.
  init(dockerLabels table: [String: String], name: String?) {
    takeLabels(table)
    description.pod.sandboxID = Self.filled(table["io.kubernetes.sandbox.id"])
    let parts = (name ?? "").split(separator: "_", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 6, parts[0] == "k8s" else {
      description.pod.name = Self.filled(table["io.kubernetes.pod.name"])
      description.pod.namespace = Self.filled(table["io.kubernetes.pod.namespace"])
      description.pod.uid = Self.filled(table["io.kubernetes.pod.uid"])
      return
    }
    (description.pod.name, description.pod.namespace, description.pod.uid) = (parts[2], parts[3], parts[4])
    description.isSandbox = parts[1] == "POD"
    readProbes(Self.specification(in: table), container: table["io.kubernetes.container.name"])
  }

  private mutating func takeLabels(_ table: [String: String]) {
    for (key, text) in table where !Self.isInternal(key) { description.labels[key] = text }
  }

  private static func filled(_ text: String?) -> String? { text.flatMap { $0.isEmpty ? nil : $0 } }

  /// Where kubectl writes the whole specification down that it applied.
  private static let specifications = [
    "annotation.kubectl.kubernetes.io/last-applied-configuration",
    "kubectl.kubernetes.io/last-applied-configuration",
  ]

  private static func specification(in table: [String: String]) -> String? {
    specifications.lazy.compactMap { filled(table[$0]) }.first
  }

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
