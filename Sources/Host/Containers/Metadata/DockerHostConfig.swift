/// docker's `hostconfig.json`: what a container was given of the host.
struct DockerHostConfig: JSONFile {
  private(set) var description = ContainerDescription()

  init?(_ object: JSONObject) {
    description.isPrivileged = object.flag("Privileged")
    description.sharesHostPID = object.text("PidMode").map { $0 == "host" }
    description.sharesHostNetwork = object.text("NetworkMode").map { $0 == "host" }
    description.sharesHostIPC = object.text("IpcMode").map { $0 == "host" }
  }
}
