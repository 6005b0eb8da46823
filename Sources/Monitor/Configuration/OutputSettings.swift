public import Alerts
public import Events

/// `stdout_output`: alerts on standard output.
public struct StandardOutputSettings: ConfigurationGroup, Equatable {
  public var isEnabled = true
  /// What `json_output` says when it is `nil`.
  public var format: FormatKind?
  public var minimumPriority = Priority.debug
  public var only = RuleTargets()

  public init() {}

  static let options: [ConfigurationOption<Self>] = [
    .init("enabled", \.isEnabled, "Alerts on standard output."),
    .init("format", \.format, "How they are written there; else as `json_output` says."),
    .init("priority", \.minimumPriority, "Alerts of a lower priority do not go there."),
    .only(\.only),
  ]

  var contradictions: [(key: String, why: String)] { [] }
}

/// `syslog_output`: alerts to the host's own syslog daemon.
public struct LocalSyslogSettings: ConfigurationGroup, Equatable {
  public var isEnabled = false
  public var options = LocalSyslogOptions()
  /// What `json_output` says when it is `nil`.
  public var format: FormatKind?
  var messageLimit = ByteSize(bytes: 8192)
  public var minimumPriority = Priority.debug
  public var only = RuleTargets()

  public init() {}

  static let options: [ConfigurationOption<Self>] = [
    .init("enabled", \.isEnabled, "Alerts to the host's own syslog daemon."),
    .init("path", \.options.path, "The daemon's socket."),
    .init("format", \.format, "How they are written behind syslog's header; else as `json_output` says."),
    .init("facility", \.options.facility, "The part of the system that the messages are about."),
    .init("ident", \.options.identity, "The program's name in each message."),
    .init("priority", \.minimumPriority, "Alerts of a lower priority do not go there."),
    .only(\.only),
    .init(
      "message_limit", \.messageLimit,
      "The most bytes of one message; a larger one loses optional parts, and carries a mark."),
  ]

  var sinkOptions: LocalSyslogOptions {
    var options = options
    options.messageLimit = Int(messageLimit.bytes)
    return options
  }

  var contradictions: [(key: String, why: String)] {
    var found: [(key: String, why: String)] = []
    let ident = options.identity.utf8
    if !(1...32).contains(ident.count)
      || ident.contains(where: { $0 <= 0x20 || $0 > 0x7E || ":[]".utf8.contains($0) })
    {
      found.append(("ident", "it must be 1 to 32 printable ASCII characters without blank, ':', '[' and ']'"))
    }
    if format?.hasSyslogHeader == true {
      found.append(("format", "the output writes syslog's header itself; take text, or another"))
    }
    if !(480...256 << 10).contains(messageLimit.bytes) {
      found.append(
        ("message_limit", "it must be between 480 bytes, which every receiver must take, and 256K"))
    }
    return found
  }
}

extension ConfigurationOption where Group: ConfigurationGroup {
  /// The option of every output that says which rules' alerts go there.
  static func only(_ property: any WritableKeyPath<Group, RuleTargets> & Sendable) -> Self {
    .init(
      "only", property,
      "Alerts of these rules alone go there, and those of the agent itself; without a list those of every rule."
    )
  }
}

extension Configuration {
  /// The places that alerts go, each with its format and what reaches it.
  public var outputs: [Output] {
    let usual: FormatKind = writesJSON ? .json : .text
    var outputs: [Output] = []
    func add(
      _ name: String, _ sink: SinkSettings, _ format: any AlertFormat, _ minimumPriority: Priority,
      _ only: RuleTargets
    ) {
      var options = DeliveryOptions()
      options.minimumPriority = minimumPriority
      if !only.targets.isEmpty { options.admits = only.includes }
      outputs.append(Output(named: name, sink: sink, format: format, options: options))
    }
    if stdout.isEnabled {
      add(
        StdoutSink.name, .stdout, (stdout.format ?? usual).make(format), stdout.minimumPriority, stdout.only)
    }
    for file in (file.isEnabled ? [file] : []) + moreFiles.filter({ $0.enabled != false }) {
      add(
        file.outputName, .file(file.sinkOptions), (file.format ?? usual).make(format), file.minimumPriority,
        file.only)
    }
    if syslog.isEnabled {
      add(
        LocalSyslogSink.name, .syslog(syslog.sinkOptions), (syslog.format ?? usual).make(format),
        syslog.minimumPriority, syslog.only)
    }
    if journald.isEnabled {
      add(
        JournaldSink.name, .journald(journald.options), journald.format, journald.minimumPriority,
        journald.only)
    }
    for remote in remoteSyslog where remote.isEnabled {
      add(remote.outputName, remote.sink, remote.format(format), remote.minimumPriority, remote.only)
    }
    for http in httpInUse {
      add(
        http.outputName, .http(http.sinkOptions), http.format.make(format), http.minimumPriority,
        http.only)
    }
    return outputs
  }

  /// What the operator asked for and may not have meant, in sentences without a full stop.
  public var risks: [String] {
    let unseen = sinks.isEmpty ? ["no output is enabled: alerts are seen by windhover tail alone"] : []
    return unseen
      + remoteSyslog.filter { $0.isEnabled && !$0.tls.verifies }.map {
        "output \($0.outputName): the receiver's certificate is not checked (tls.verify), so anybody on the way can read "
          + "and take alerts"
      }
      + remoteSyslog.filter { $0.isEnabled && $0.looksCounted }.map {
        "output \($0.outputName): a line of the format text begins with a digit, which receivers that know both framings, "
          + "as rsyslog does, take for a count; say framing: octet or another format"
      } + httpInUse.flatMap(\.risks)
  }

  private var httpInUse: [HTTPOutputSettings] {
    (http.isEnabled ? [http] : []) + moreHTTP.filter { $0.enabled != false }
  }

  /// What these places are, without their formats.
  public var sinks: [SinkSettings] { outputs.map(\.sink) }
}
