public import Alerts
public import Events
public import Rules

/// What the operator asked for: the configuration file, changed by `-o` and by the command's own arguments.
///
/// Each property is one option; `Configuration.options` gives its key and reads it. A default is what happens when
/// nobody says anything.
public struct Configuration: Equatable, Sendable {
  // MARK: Rules

  /// `rules_files`: rule files, and directories of them, in the order in which they are loaded, with `builtin`
  /// for the embedded rules; these alone when nothing is named.
  public var rulesFiles: [String] = []
  /// `rules`: which rules are enabled and disabled after loading, step by step.
  public var ruleSelection = RuleSelection()
  /// `rule_matching`: whether one event can match several rules. Falco's default is `first`.
  public var ruleMatching = RuleMatching.all
  /// `priority`: rules below this are not loaded.
  public var minimumPriority = Priority.debug

  // MARK: What is watched

  /// `sources`: where events come from.
  public var sources = SourceSelection.automatic
  /// `host_root`: where the host's root directory is seen, as when the agent runs in a container.
  public var hostRoot = "/"
  /// `user`: whom the agent becomes once its sources are open, when it was started as root.
  public var user = "windhover" { didSet { isUserGiven = true } }
  /// Whether somebody said `user`: then there must be that account.
  public private(set) var isUserGiven = false
  /// `hostname`: the host's name in alerts; the kernel's when it is `nil`.
  public var hostname: String?
  /// `cgroup`: how often the figures of cgroups are read, and what makes events of them.
  public var cgroups = CgroupSettings()

  /// `exe_hash.max_size`: larger programs are not hashed for `proc.exe_sha256`.
  var largestHashed = ByteSize(bytes: 64 << 20)

  // MARK: Alerts

  /// `json_output`: whether alerts are JSON objects instead of lines of text.
  public var writesJSON = false
  /// `json_include_…_property`: what alerts look like.
  public var format = FormatOptions()
  /// `time_format_iso_8601`, which holds for text and for the text in JSON.
  public var usesISO8601: Bool {
    get { format.text.usesISO8601 }
    set {
      format.text.usesISO8601 = newValue
      format.json.usesISO8601 = newValue
    }
  }
  /// `append_output`: what is added to the outputs of rules, in order.
  public var outputAdditions = OutputAdditions()
  /// `static_fields`: fields that every alert of a rule carries.
  public var staticFields = StaticFields()
  public var stdout = StandardOutputSettings()
  public var file = FileOutputSettings()
  /// `file_outputs`: more files.
  public var moreFiles: [FileOutputSettings] = []
  public var syslog = LocalSyslogSettings()
  public var journald = JournaldSettings()

  /// `remote_syslog_output`: receivers in the network.
  public var remoteSyslog: [RemoteSyslogSettings] = []

  public var http = HTTPOutputSettings()
  /// `http_outputs`: more receivers, or groups of them.
  public var moreHTTP: [HTTPOutputSettings] = []

  /// `journal`: where alerts wait for their outputs.
  public var journal = JournalSettings()
  /// `throttle`: how many alerts leave.
  public var throttle = ThrottleSettings()

  // MARK: The agent itself

  /// `control`: where the agent can be asked how it is.
  public var control = ControlSettings()

  /// `log_level`: what the agent says of itself on standard error, and nothing less urgent.
  public var logLevel = Priority.informational

  public init() {}
}

/// Whether one event can match several rules.
public enum RuleMatching: String, CaseIterable, Sendable {
  /// Only the first rule that matches makes an alert, as in Falco.
  case first
  /// Every rule that matches makes an alert: no rule hides another.
  case all
}

/// Which sources the agent takes events from.
public enum SourceSelection: Equatable, Sendable {
  /// Every source that the privileges at hand allow.
  case automatic
  /// These and no others; one that cannot work is an error.
  case only([SourceID])

  /// From `auto`, or names with commas between them, as in `--sources procfs,connector`.
  public init?(text: String) {
    if text == "auto" {
      self = .automatic
      return
    }
    var selected: [SourceID] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let source = Self.selectable.first(where: { $0.name == name }) else { return nil }
      if !selected.contains(source) { selected.append(source) }
    }
    self = .only(selected)
  }

  /// The sources that can be asked for by name; the agent itself is always one.
  public static let selectable = SourceID.allCases.filter { $0 != .agent }
}

/// `append_output`: entries in the order in which they are added.
public struct OutputAdditions: Equatable, Sendable {
  public var entries: [OutputAddition] = []
}

/// `static_fields`: names and texts, in the order in which they were written.
public struct StaticFields: Equatable, Sendable {
  public var fields: [OutputAddition.ExtraField] = []
}
