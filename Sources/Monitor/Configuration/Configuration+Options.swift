import Alerts

extension Configuration: ConfigurationGroup {
  /// Every option there is, in the order of the documentation.
  public static let options: [ConfigurationOption<Configuration>] =
    [
      .init(
        "rules_files", \.rulesFiles,
        "Rule files, and directories of them, in order; `builtin` names the embedded rules. None: these."),
      .init(
        "rules", \.ruleSelection,
        "Rules to enable and disable after loading, by name, where `*` stands for any text, or by tag; in order."
      ),
      .init(
        "rule_matching", \.ruleMatching,
        "Whether one event can match several rules. Falco's default is `first`."),
      .init("priority", \.minimumPriority, "Rules of a lower priority are not loaded."),
      .init("sources", \.sources, "Where events come from. `auto`: every source that the privileges allow."),
      .init("host_root", \.hostRoot, "Where the host's root directory is seen, as from inside a container."),
      .init(
        "user", \.user,
        "Whom the agent becomes once its sources are open, when started as root. There must be such an account if this is "
          + "set; unless it is, the agent stays root without."
      ),
      .init("hostname", \.hostname, "The host's name in alerts, instead of the kernel's."),
      .init(
        "exe_hash.max_size", \.largestHashed,
        "Larger programs are not hashed for alerts that print `proc.exe_sha256`."),
      .init("json_output", \.writesJSON, "Alerts as JSON objects, one a line, instead of text."),
      .init(
        "json_include_output_property", \.format.json.includesOutput, "The whole text line in each object."),
      .init(
        "json_include_message_property", \.format.json.includesMessage, "The text without time and priority."),
      .init(
        "json_include_output_fields_property", \.format.json.includesOutputFields,
        "The fields that the rule prints, by name."),
      .init("json_include_tags_property", \.format.json.includesTags, "The rule's tags."),
      .init(
        "json_include_uuid_property", \.format.json.includesUUID, "An id of the alert that no other has."),
      .init(
        "json_include_sequence_property", \.format.json.includesSequence, "The alert's number in this run."),
      .init(
        "time_format_iso_8601", \.usesISO8601,
        "Dates in UTC before the text, instead of the local time of day."
      ),
      .init(
        "append_output", \.outputAdditions,
        "What is added to the outputs of rules: those that have the name (`*` stands for any text), the source and all the "
          + "tags of `match`, or every rule. `extra_output` follows the text; `extra_fields` are fields, or names with a "
          + "text of their own, which may hold fields, for `output_fields` alone."),
      .init(
        "static_fields", \.staticFields, "Fields with a fixed text among the `output_fields` of every rule."),
    ]
    + StandardOutputSettings.options(below: "stdout_output", \.stdout)
    + FileOutputSettings.options(below: "file_output", \.file)
    + [
      .init(
        "file_outputs", each: \.moreFiles,
        "More files, each with its own options; all those of `file_output`.")
    ]
    + LocalSyslogSettings.options(below: "syslog_output", \.syslog)
    + JournaldSettings.options(below: "journald_output", \.journald)
    + networkOutputs + rest + cgroupOptions

  private static let networkOutputs: [ConfigurationOption<Configuration>] =
    [
      .init(
        "remote_syslog_output", each: \.remoteSyslog,
        "Alerts to syslog receivers in the network, each with its own options.")
    ]
    + HTTPOutputSettings.options(below: "http_output", \.http)
    + [
      .init(
        "http_outputs", each: \.moreHTTP,
        "More receivers by HTTP, each with its own options; all those of `http_output`.")
    ]

  private static let rest: [ConfigurationOption<Configuration>] = [
    .init(
      "journal.directory", \.journal.directory,
      "Where alerts are kept until every output has them, over a restart too; the agent's user must be able to write it. "
        + "Empty: in memory."),
    .init(
      "journal.max_size", \.journal.maximumSize, "Beyond it the oldest alerts go, counted and announced."),
    .init("journal.max_age", \.journal.maximumAge, "Older alerts go, counted and announced."),
    .init(
      "journal.sync", \.journal.limits.sync,
      "When what was written must be on the disk itself, where a power failure does not reach it."),
    .init(
      "throttle.per_second", \.throttle.perSecond,
      "Alerts of each rule a second, in the long run; what is held back is told in summaries, at most one of a rule every ten seconds. Nothing: no limit."
    ),
    .init("throttle.burst", \.throttle.burst, "Alerts of a rule that may leave at once."),
    .init("throttle.rules", each: \.throttle.rules, "Other limits for single rules."),
    .init(
      "throttle.key.fields", \.throttle.keyFields,
      "A limit for each rule and each combination of these fields' values, as [container.id, proc.name]."),
    .init("throttle.key.per_second", \.throttle.keyPerSecond, "Alerts of each combination a second."),
    .init("throttle.key.burst", \.throttle.keyBurst, "Alerts of a combination that may leave at once."),
    .init(
      "throttle.fold", \.throttle.fold,
      "An alert that says the same as one of the same rule within this time is held back and counted; 0: none is."
    ),
    .init(
      "control.socket", \.control.path,
      "Where `windhover status` and `windhover tail` ask the agent: a socket of mode 0660, made at the start. Empty: nowhere."
    ),
    .init(
      "control.group", \.control.group,
      "Who may ask, and so read every alert, besides root and the agent's own user: this group, which the agent's user must be in unless the agent is "
        + "started as root."),
    .init(
      "log_level", \.logLevel, "What the agent says of itself on standard error, and nothing less urgent."),
  ]
}
