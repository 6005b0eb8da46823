extension FieldRegistry {
  /// `k8s.*`.
  static let k8s: [Field] =
    [
      Field("k8s.pod.name", .charbuf, "Name of the pod."),
      Field("k8s.pod.id", .charbuf, "UID of the pod; the former name of k8s.pod.uid."),
      Field("k8s.pod.uid", .charbuf, "UID of the pod."),
      Field("k8s.pod.sandbox_id", .charbuf, "Id of the pod's sandbox, its first 12 digits."),
      Field("k8s.pod.full_sandbox_id", .charbuf, "Id of the pod's sandbox in full."),
      Field("k8s.pod.ip", .charbuf, "Address of the pod."),
      Field("k8s.pod.cni.json", .charbuf, "Result of the pod's network plugins, as JSON."),
      Field(
        "k8s.pod.label", .charbuf, "Value of a label of the pod: k8s.pod.label[app].", argument: .dottedKey),
      Field("k8s.pod.labels", .charbuf, "Labels of the pod as key:value, joined by commas."),
    ]
    + [
      ("ns", "namespace"), ("rc", "replication controller"), ("svc", "service"), ("rs", "replica set"),
      ("deployment", "deployment"),
    ].flatMap { prefix, noun in
      [
        Field("k8s.\(prefix).name", .charbuf, "Name of the pod's \(noun)."),
        Field("k8s.\(prefix).id", .charbuf, "UID of the pod's \(noun)."),
        Field(
          "k8s.\(prefix).label", .charbuf, "Value of a label of the pod's \(noun).", argument: .dottedKey),
        Field(
          "k8s.\(prefix).labels", .charbuf, "Labels of the pod's \(noun) as key:value, joined by commas."),
      ]
    }
}
