import Model

extension FieldRegistry {
  /// `k8s.*`.
  static let k8s: [Field] =
    [
      Field("k8s.pod.name", .charbuf, "Name of the pod.", needs: metadata, kinds: .ofPlace) {
        $2.text(filled: $0.details?.podName)
      },
      Field("k8s.ns.name", .charbuf, "Name of the pod's namespace.", needs: metadata, kinds: .ofPlace) {
        $2.text(filled: $0.details?.podNamespace)
      },
      Field(
        "k8s.pod.id", .charbuf, "UID of the pod; the former name of k8s.pod.uid.", needs: metadata,
        kinds: .ofPlace
      ) {
        $2.text(filled: $0.details?.podUID)
      },
      Field("k8s.pod.uid", .charbuf, "UID of the pod.", needs: metadata, kinds: .ofPlace) {
        $2.text(filled: $0.details?.podUID)
      },
      Field(
        "k8s.pod.sandbox_id", .charbuf, "Id of the pod's sandbox, its first 12 digits.", needs: metadata,
        kinds: .ofPlace
      ) {
        facts, _, values in
        if let id = facts.details?.sandboxID { values.text(id.prefix(12)) }
      },
      Field(
        "k8s.pod.full_sandbox_id", .charbuf, "Id of the pod's sandbox in full.", needs: metadata,
        kinds: .ofPlace
      ) {
        $2.text(filled: $0.details?.sandboxID)
      },
      Field("k8s.pod.ip", .charbuf, "Address of the pod."),
      Field("k8s.pod.cni.json", .charbuf, "Result of the pod's network plugins, as JSON."),
      Field(
        "k8s.pod.label", .charbuf,
        "Value of a label of the pod: k8s.pod.label[app]; those of its sandbox, where the runtime's files have them.",
        argument: .dottedKey, needs: metadata, kinds: .ofPlace
      ) { $2.label($1, of: $0.podLabels) },
      Field(
        "k8s.pod.labels", .charbuf, "Labels of the pod as key:value, joined by commas.", needs: metadata,
        kinds: .ofPlace
      ) {
        $2.labels($0.podLabels)
      },
    ]
    + [
      ("ns", "namespace"), ("rc", "replication controller"), ("svc", "service"), ("rs", "replica set"),
      ("deployment", "deployment"),
    ].flatMap { prefix, noun in
      (prefix == "ns" ? [] : [Field("k8s.\(prefix).name", .charbuf, "Name of the pod's \(noun).")]) + [
        Field("k8s.\(prefix).id", .charbuf, "UID of the pod's \(noun)."),
        Field(
          "k8s.\(prefix).label", .charbuf, "Value of a label of the pod's \(noun).", argument: .dottedKey),
        Field(
          "k8s.\(prefix).labels", .charbuf, "Labels of the pod's \(noun) as key:value, joined by commas."),
      ]
    }
}

extension LiveFacts {
  /// The labels of the pod: those of the container that holds its namespaces.
  fileprivate var podLabels: [ContainerMetadata.Label]? {
    guard let details else { return nil }
    guard let sandbox = details.sandboxID else { return details.podName == nil ? nil : details.labels }
    return model.metadata(ofContainer: sandbox)?.details.labels ?? details.labels
  }
}
