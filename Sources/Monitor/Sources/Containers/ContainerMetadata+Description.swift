import Host
import Model

extension ContainerMetadata {
  /// What the files told, as events share it.
  convenience init(_ description: ContainerDescription) {
    var details = Details()
    let bytes = { (text: String?) in text.map { Array($0.utf8) } }
    let image = description.image.flatMap(ImageReference.init)
    details.name = bytes(description.name)
    details.image = bytes(description.image)
    details.repository = bytes(image?.repository)
    // What a runtime takes when it is told neither.
    details.tag = bytes(image?.tag ?? (image != nil && image?.digest == nil ? "latest" : nil))
    details.digest = bytes(image?.digest ?? description.imageDigest)
    details.imageID = bytes(description.imageID)
    details.user = bytes(description.user)
    details.labels = description.labels.map { Label(key: Array($0.key.utf8), value: Array($0.value.utf8)) }
      .sorted { $0.key.lexicographicallyPrecedes($1.key) }
    details.mounts = description.mounts.map(Mount.init)
    details.isPrivileged = description.isPrivileged
    details.sharesHostPID = description.sharesHostPID
    details.sharesHostNetwork = description.sharesHostNetwork
    details.sharesHostIPC = description.sharesHostIPC
    details.healthcheck = description.healthcheck.map(Probe.init)
    details.livenessProbe = description.livenessProbe.map(Probe.init)
    details.readinessProbe = description.readinessProbe.map(Probe.init)
    details.podName = bytes(description.pod.name)
    details.podNamespace = bytes(description.pod.namespace)
    details.podUID = bytes(description.pod.uid)
    details.sandboxID = bytes(description.pod.sandboxID)
    details.isSandbox = description.isSandbox
    self.init(bounding: details)
  }
}

extension ContainerMetadata.Mount {
  fileprivate init(_ mount: ContainerDescription.Mount) {
    self.init(source: Array(mount.source.utf8), destination: Array(mount.destination.utf8))
    mode = Array(mount.mode.utf8)
    isWritable = mount.isWritable
    propagation = Array(mount.propagation.utf8)
  }
}

extension ContainerMetadata.Probe {
  fileprivate init(_ probe: ContainerDescription.Probe) {
    switch probe {
    case .none: self = .switchedOff
    case .command(let words): self = .command(words.flatMap { Array($0.utf8) + [0 as UInt8] })
    }
  }
}
