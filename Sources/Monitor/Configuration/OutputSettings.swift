public import Alerts
public import Events

/// `stdout_output`: alerts on standard output.
public struct StandardOutputSettings: Equatable, Sendable {
  /// `stdout_output.enabled`
  public var isEnabled = true
  /// `stdout_output.format`; what `json_output` says when it is `nil`.
  public var format: FormatKind?
  /// `stdout_output.priority`
  public var minimumPriority = Priority.debug
}

/// `file_output`: alerts appended to a file.
public struct FileOutputSettings: Equatable, Sendable {
  /// `file_output.enabled`
  public var isEnabled = false
  /// `file_output.filename` and `file_output.permissions`
  public var options = FileSinkOptions(path: "")
  /// `file_output.format`; what `json_output` says when it is `nil`.
  public var format: FormatKind?
  /// `file_output.priority`
  public var minimumPriority = Priority.debug
}

/// `syslog_output`: alerts to the host's own syslog daemon.
public struct SyslogOutputSettings: Equatable, Sendable {
  /// `syslog_output.enabled`
  public var isEnabled = false
  /// `syslog_output.path`, `syslog_output.facility` and `syslog_output.ident`
  public var options = LocalSyslogOptions()
  /// `syslog_output.priority`
  public var minimumPriority = Priority.debug
}

extension FileOutputSettings {
  var permissions: FileMode {
    get { FileMode(bits: options.mode) }
    set { options.mode = newValue.bits }
  }
}

extension Configuration {
  /// The places that alerts go, each with its format and what reaches it.
  public var outputs: [Output] {
    let usual: FormatKind = writesJSON ? .json : .text
    var outputs: [Output] = []
    func add(
      _ name: String, _ sink: SinkSettings, _ format: any AlertFormat, _ minimumPriority: Priority
    ) {
      var options = DeliveryOptions()
      options.minimumPriority = minimumPriority
      outputs.append(Output(named: name, sink: sink, format: format, options: options))
    }
    if stdout.isEnabled {
      add(StdoutSink.name, .stdout, (stdout.format ?? usual).make(format), stdout.minimumPriority)
    }
    if file.isEnabled {
      add(FileSink.name, .file(file.options), (file.format ?? usual).make(format), file.minimumPriority)
    }
    if syslog.isEnabled {
      add(LocalSyslogSink.name, .syslog(syslog.options), usual.make(format), syslog.minimumPriority)
    }
    for remote in remoteSyslog where remote.isEnabled {
      add(remote.outputName, remote.sink, remote.format(format), remote.minimumPriority)
    }
    return outputs
  }

  /// What the operator asked for and may not have meant, in sentences without a full stop.
  public var risks: [String] {
    remoteSyslog.filter { $0.isEnabled && !$0.tls.verifies }.map {
      "output \($0.outputName): the receiver's certificate is not checked (tls.verify), so anybody on the way can read "
        + "and take alerts"
    }
  }

  /// What these places are, without their formats.
  public var sinks: [SinkSettings] { outputs.map(\.sink) }
}
