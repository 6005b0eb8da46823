/// Names that rules written for Falco take for granted: Falco's default rules define them.
enum FalcoNames {
  /// What to do about a name that no file defines, if Falco's default rules define one like it.
  static func cure(for kind: RuleItem.Kind, _ name: String) -> String? {
    guard names(of: kind).contains(name) else { return nil }
    return "a \(kind.rawValue) of Falco's default rules: load that file before this one"
  }

  private static func names(of kind: RuleItem.Kind) -> Set<String> {
    switch kind {
    case .macro: macros
    case .list: lists
    default: []
    }
  }

  private static let macros: Set = [
    "always_true", "bin_dir", "container", "container_entrypoint", "container_started",
    "consider_all_outbound_conns",
    "create_symlink", "etc_dir", "excessively_capable_container", "inbound", "inbound_outbound",
    "interactive",
    "minerpool_http", "modify", "never_true", "open_read", "open_write", "outbound", "package_mgmt_procs",
    "private_key_or_password", "proc_name_exists", "protected_shell_spawner", "root_dir",
    "run_by_package_mgmt_binaries",
    "sensitive_files", "sensitive_mount", "shell_procs", "spawned_process", "system_procs", "system_users",
    "user_known_write_monitored_dir_conditions",
  ]

  private static let lists: Set = [
    "bin_dirs", "coreutils_binaries", "db_server_binaries", "docker_binaries", "hids_binaries",
    "http_server_binaries",
    "interpreted_binaries", "interpreted_procs", "known_drop_and_execute_containers", "login_binaries",
    "mail_binaries", "network_tool_binaries", "package_mgmt_binaries", "passwd_binaries",
    "protected_shell_spawning_binaries",
    "rpm_binaries", "sensitive_file_names", "shell_binaries", "shell_mgmt_binaries", "shadowutils_binaries",
    "ssh_binaries",
    "user_mgmt_binaries", "userexec_binaries", "vpn_binaries",
  ]
}
