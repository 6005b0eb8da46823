import Events
import Model

extension FieldRegistry {
  /// `host.*`: the kernel's settings and modules.
  static let host: [Field] = [
    setting(
      "host.sysctl.name", .charbuf,
      "The kernel setting that was changed: kernel.core_pattern; a path for one that is not below /proc/sys."
    ) { $0.text($1.name) },
    setting("host.sysctl.before", .charbuf, "Its value before; no value when the kernel did not have it.") {
      $0.text($1.before)
    },
    setting("host.sysctl.after", .charbuf, "Its value now; no value when the kernel has it no more.") {
      $0.text($1.after)
    },
    setting(
      "host.sysctl.is_weaker", .bool,
      "The value protects less than the one before; false where the values have no order."
    ) { $0.flag($1.isWeaker) },
    module("host.module.name", .charbuf, "The kernel module that was loaded or unloaded.") {
      $0.text($1.name)
    },
    module("host.module.size", .uint64, "Bytes that the module takes in the kernel.") {
      $0.number($1.size)
    },
    module(
      "host.module.taint", .charbuf,
      "How the module taints the kernel, one letter each: O built out of tree, E unsigned, P proprietary, F forced."
    ) { $0.text($1.taint) },
  ]

  private static func setting(
    _ name: String, _ type: FieldType, _ help: String,
    _ read: @escaping @Sendable (inout Values, SettingChange) -> Void
  ) -> Field {
    Field(name, type, help, needs: .settings, kinds: EventKinds(.settingChanged)) { facts, _, values in
      if case .setting(let change) = facts.event.change { read(&values, change) }
    }
  }

  private static func module(
    _ name: String, _ type: FieldType, _ help: String,
    _ read: @escaping @Sendable (inout Values, LoadedModule) -> Void
  ) -> Field {
    Field(
      name, type, help, needs: .modules, kinds: [EventKinds(.moduleLoaded), EventKinds(.moduleUnloaded)]
    ) { facts, _, values in
      if case .module(let module) = facts.event.change { read(&values, module) }
    }
  }
}
