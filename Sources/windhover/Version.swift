import Alerts

/// The version that `--version`, alerts of the agent itself and the syslog header state.
enum Version {
  static let current = Product.version
}
