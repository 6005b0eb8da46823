import Events

// What the kernel itself is set to do, and what was loaded into it.
extension Model {
  /// The first value of a setting is what the others are compared with.
  mutating func applySetting(_ record: borrowing RecordView, into events: inout [Event]) {
    var name: [UInt8] = []
    var now = KernelState.Setting()
    record.forEachParameter { parameter, value in
      switch parameter {
      case .settingName: name = value.array
      case .settingValue: now.value = value.array
      case .settingStrength: now.strength = value.integer(Int64.self)
      default: break
      }
    }
    guard let former = kernel.settings.updateValue(now, forKey: name), former.value != now.value else {
      return
    }
    var isWeaker = false
    if let before = former.strength, let after = now.strength { isWeaker = after < before }
    let change = SettingChange(name: name, before: former.value, after: now.value, isWeaker: isWeaker)
    events.append(event(.settingChanged, record, nil, .setting(change)))
  }

  mutating func applyModule(_ kind: RecordKind, _ record: borrowing RecordView, into events: inout [Event]) {
    var (name, size, taint): ([UInt8], UInt64?, [UInt8]?) = ([], nil, nil)
    record.forEachParameter { parameter, value in
      switch parameter {
      case .moduleName: name = value.array
      case .moduleSize: size = value.integer(UInt64.self)
      case .moduleTaint: taint = value.array
      default: break
      }
    }
    if kind == .moduleGone {
      guard let module = kernel.modules.removeValue(forKey: name) else { return }
      events.append(event(.moduleUnloaded, record, nil, .module(module)))
    } else {
      let module = LoadedModule(name: name, size: size, taint: taint)
      let isKnown = kernel.modules.updateValue(module, forKey: name) != nil
      guard !isKnown, !record.flags.contains(.initial) else { return }
      events.append(event(.moduleLoaded, record, nil, .module(module)))
    }
  }
}
