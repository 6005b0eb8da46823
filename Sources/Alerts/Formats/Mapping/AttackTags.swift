/// What a rule's tags say in the words of MITRE ATT&CK: `mitre_execution` is a tactic, `T1059.004` a technique's part.
struct AttackTags {
  struct Tactic: Equatable {
    let id: String
    let name: String
  }

  struct Technique: Equatable {
    /// `T1059`
    let id: String
    /// `T1059.004`; `nil` where the tag names the whole technique.
    let subtechnique: String?
  }

  private(set) var tactics: [Tactic] = []
  private(set) var techniques: [Technique] = []

  /// In the order of the tags; a tag that is neither is passed over.
  init(_ tags: [String]) {
    for tag in tags {
      if let tactic = Self.known[tag] {
        tactics.append(tactic)
      } else if let technique = Technique(tag: tag) {
        techniques.append(technique)
      }
    }
  }

  /// The tactics of ATT&CK's enterprise matrix, by Falco's tags for them.
  private static let known: [String: Tactic] = [
    "mitre_reconnaissance": Tactic(id: "TA0043", name: "Reconnaissance"),
    "mitre_resource_development": Tactic(id: "TA0042", name: "Resource Development"),
    "mitre_initial_access": Tactic(id: "TA0001", name: "Initial Access"),
    "mitre_execution": Tactic(id: "TA0002", name: "Execution"),
    "mitre_persistence": Tactic(id: "TA0003", name: "Persistence"),
    "mitre_privilege_escalation": Tactic(id: "TA0004", name: "Privilege Escalation"),
    "mitre_defense_evasion": Tactic(id: "TA0005", name: "Defense Evasion"),
    "mitre_credential_access": Tactic(id: "TA0006", name: "Credential Access"),
    "mitre_discovery": Tactic(id: "TA0007", name: "Discovery"),
    "mitre_lateral_movement": Tactic(id: "TA0008", name: "Lateral Movement"),
    "mitre_collection": Tactic(id: "TA0009", name: "Collection"),
    "mitre_exfiltration": Tactic(id: "TA0010", name: "Exfiltration"),
    "mitre_command_and_control": Tactic(id: "TA0011", name: "Command and Control"),
    "mitre_impact": Tactic(id: "TA0040", name: "Impact"),
  ]
}

extension AttackTags.Technique {
  /// From `T` and four digits, and perhaps a point and three more.
  fileprivate init?(tag: String) {
    let bytes = Array(tag.utf8)
    guard bytes.first == UInt8(ascii: "T"), bytes.count == 5 || bytes.count == 9 else { return nil }
    for (index, byte) in bytes.enumerated().dropFirst() {
      let isRight = index == 5 ? byte == UInt8(ascii: ".") : (0x30...0x39).contains(byte)
      guard isRight else { return nil }
    }
    id = String(tag.prefix(5))
    subtechnique = bytes.count == 9 ? tag : nil
  }
}
