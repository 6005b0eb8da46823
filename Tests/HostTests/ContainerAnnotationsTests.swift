import Testing

@testable import Host

/// Labels and annotations that an image or a pod's author chose, and what they must not change.
@Suite struct ContainerAnnotationsTests {
  @Test(
    "an image's labels make no container of docker privileged or not, a sandbox, or one with probes",
    arguments: [
      "io.podman.annotations.privileged", "io.kubernetes.docker.type",
      "io.kubernetes.cri.sandbox-name", "io.kubernetes.cri-o.ContainerType",
      "annotation.kubectl.kubernetes.io/last-applied-configuration",
    ])
  func forgedLabels(key: String) {
    let text =
      #"{"spec":{"containers":[{"name":"a","livenessProbe":{"exec":{"command":["/bin/sh"]}}}]}}"#
    for value in ["true", "false", "sandbox", "podsandbox", "kube-system", text] {
      let found = ContainerAnnotations(dockerLabels: [key: value], name: "web").description
      #expect(found.isPrivileged == nil)
      #expect(!found.isSandbox)
      #expect(found.pod.name == nil && found.pod.namespace == nil && found.pod.uid == nil)
      #expect(found.livenessProbe == nil && found.readinessProbe == nil)
    }
  }

  @Test("a container that the kubelet made docker start tells its pod by its name")
  func kubelet() {
    let labels = [
      "io.kubernetes.pod.namespace": "kube-system", "io.kubernetes.sandbox.id": "abc", "app": "web",
    ]
    let found = ContainerAnnotations(dockerLabels: labels, name: "k8s_app_web-1_shop_0-1-2_0").description
    #expect(found.pod.name == "web-1")
    #expect(found.pod.namespace == "shop")
    #expect(found.pod.uid == "0-1-2")
    #expect(found.pod.sandboxID == "abc")
    #expect(!found.isSandbox)
    #expect(found.labels["app"] == "web")
    #expect(ContainerAnnotations(dockerLabels: [:], name: "k8s_POD_web-1_shop_0-1-2_0").description.isSandbox)
  }

  @Test("on CRI-O a pod's own annotations do not stand for what CRI-O says")
  func pods() {
    let found = ContainerAnnotations([
      "io.kubernetes.cri-o.ContainerType": "container", "io.kubernetes.cri-o.ImageName": "registry/true:1",
      "io.kubernetes.cri.image-name": "registry/forged:1", "io.kubernetes.cri.container-type": "sandbox",
      "io.kubernetes.cri.sandbox-namespace": "kube-system", "io.kubernetes.cri-o.Namespace": "shop",
      "io.podman.annotations.privileged": "false", "io.kubernetes.cri-o.PrivilegedRuntime": "true",
    ]).description
    #expect(found.image == "registry/true:1")
    #expect(!found.isSandbox)
    #expect(found.pod.namespace == "shop")
    #expect(found.isPrivileged == true)
  }
}
