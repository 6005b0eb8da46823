// Unsafe: reads the bytes of the default rules that the compiler put into the binary.
import CRulesData
import Rules

/// Rule files to measure on: bytes, and what the report calls them.
struct RuleText {
  let name: String
  let bytes: [UInt8]
  /// Whether the targets are about them.
  var isJudged = false
  /// What the reader of the report must know; may be empty.
  var remark = ""

  /// The rules that the agent ships.
  static var shipped: RuleText {
    // SAFETY: the array lives as long as the program and has this many bytes.
    let bytes = unsafe UnsafeBufferPointer(start: wh_default_rules(), count: wh_default_rules_count())
    return RuleText(name: "the rules that ship", bytes: unsafe Array(bytes))
  }

  /// A file of rules that are about programs, paths and creators by name, as most rules of detection libraries are.
  static func generated(ruleCount: Int) -> RuleText {
    var text = """
      - list: shells
        items: [ash, bash, csh, dash, fish, ksh, sh, tcsh, zsh]
      - macro: spawned_process
        condition: (evt.type in (execve, execveat))
      - macro: container
        condition: (container.id != host)

      """
    for number in 0..<ruleCount {
      text += """
        - rule: Generated \(number)
          desc: One of many rules that a benchmark made.
          condition: >
            spawned_process and \(subject(number)) and not proc.pname in (shells, supervisor-\(number % 7))
            and not proc.cmdline contains "--dry-run"
          output: Generated (command=%proc.cmdline parent=%proc.pname user=%user.name container=%container.id)
          priority: NOTICE
          tags: [generated, process]
          exceptions:
            - name: images
              fields: [proc.exepath, container.image.repository]
              comps: [=, startswith]
              values: [[/usr/bin/program-\(number), registry.example/\(number)]]

        """
    }
    return RuleText(name: "\(ruleCount) generated rules", bytes: Array(text.utf8))
  }

  private static func subject(_ number: Int) -> String {
    switch number % 5 {
    case 0: "proc.name = program-\(number)"
    case 1: "proc.name in (program-\(number), tool-\(number), other-\(number))"
    case 2: "proc.exepath = /opt/vendor-\(number)/bin/program"
    case 3: "container and proc.exepath in (/usr/bin/program-\(number), /bin/program-\(number))"
    default: "proc.aname[2] = daemon-\(number) and user.uid = 0"
    }
  }

  /// Text to what events are judged by, as the agent does at its start.
  /// - Throws: when the rules have errors.
  func compiled() throws(BenchError) -> RuleSet {
    let compiled = CompiledRules([RuleFile(name: name, bytes: bytes)])
    guard !compiled.resolved.hasErrors else {
      throw .failed(
        program: "loading \(name)", saying: compiled.resolved.reports.map(\.text).joined(separator: "\n"))
    }
    return compiled.ruleSet
  }
}
