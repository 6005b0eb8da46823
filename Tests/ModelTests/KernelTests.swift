import Events
import Model
import Testing

@Suite struct KernelTests {
  private func change(_ events: [Event]) -> SettingChange? {
    guard events.count == 1, events[0].kind == .settingChanged, case .setting(let change) = events[0].change
    else {
      return nil
    }
    return change
  }

  @Test(
    "the first value of a setting is no change; another one is, with the value before and whether it protects less"
  )
  func settings() throws {
    var script = Script()
    #expect(script.setting("kernel.kptr_restrict", "2", strength: 2).isEmpty)
    #expect(script.setting("kernel.kptr_restrict", "2", strength: 2).isEmpty)
    let weaker = script.setting("kernel.kptr_restrict", "0", strength: 0)
    #expect(weaker.first?.process == nil)
    #expect(
      change(weaker)
        == SettingChange(
          name: Array("kernel.kptr_restrict".utf8), before: [UInt8(ascii: "2")], after: [UInt8(ascii: "0")],
          isWeaker: true))
    #expect(change(script.setting("kernel.kptr_restrict", "1", strength: 1))?.isWeaker == false)
    // Not to be compared: nobody knows what the value means.
    #expect(change(script.setting("kernel.kptr_restrict", "x", strength: nil))?.isWeaker == false)
  }

  @Test("a setting that the kernel gets, or has no more, is a change from nothing or to nothing")
  func absent() throws {
    var script = Script()
    #expect(script.setting("fs.binfmt_misc", nil, strength: nil).isEmpty)
    let appeared = try #require(change(script.setting("fs.binfmt_misc", "", strength: nil)))
    #expect(appeared.before == nil)
    #expect(appeared.after == [])
    #expect(try #require(change(script.setting("fs.binfmt_misc", nil, strength: nil))).after == nil)
  }

  @Test("modules that were there at first are no events; those that come and go later are, once")
  func modules() throws {
    var script = Script()
    #expect(script.module("ext4", size: 1000, flags: .initial).isEmpty)
    #expect(script.module("ext4", size: 1000).isEmpty)
    let loaded = try #require(script.module("rootkit", size: 16384, taint: "OE").first)
    #expect(loaded.kind == .moduleLoaded)
    guard case .module(let module) = loaded.change else {
      Issue.record("no module")
      return
    }
    #expect(module == LoadedModule(name: Array("rootkit".utf8), size: 16384, taint: Array("OE".utf8)))
    #expect(script.moduleGone("rootkit").map(\.kind) == [.moduleUnloaded])
    #expect(script.moduleGone("rootkit").isEmpty)
    #expect(script.moduleGone("ext4").map(\.kind) == [.moduleUnloaded])
  }
}

extension Script {
  @discardableResult
  mutating func setting(_ name: String, _ value: String?, strength: Int64?) -> [Event] {
    apply(.setting, 0, from: .host) {
      $0.append(.settingName, Array(name.utf8).span)
      if let value { $0.append(.settingValue, Array(value.utf8).span) }
      if let strength { $0.append(.settingStrength, strength) }
    }
  }

  mutating func module(_ name: String, size: UInt64, taint: String = "", flags: RecordFlags = []) -> [Event] {
    apply(.module, 0, from: .host) {
      $0.insert(flags)
      $0.append(.moduleName, Array(name.utf8).span)
      $0.append(.moduleSize, size)
      $0.append(.moduleTaint, Array(taint.utf8).span)
    }
  }

  mutating func moduleGone(_ name: String) -> [Event] {
    apply(.moduleGone, 0, from: .host) { $0.append(.moduleName, Array(name.utf8).span) }
  }
}
