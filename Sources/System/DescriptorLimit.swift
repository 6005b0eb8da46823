// Unsafe: getrlimit and setrlimit on a local.
import Glibc

/// How many files this process may have open. See getrlimit(2), RLIMIT_NOFILE.
public enum DescriptorLimit {
  /// Asks for so many, as far as the hard limit allows; a limit that is higher stays.
  /// - Returns: the limit that holds now.
  public static func raise(to wanted: Int) -> Int {
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    // SAFETY: the limit is a local.
    guard unsafe getrlimit(resource, &limit) == 0 else { return 256 }
    let target = min(rlim_t(max(0, wanted)), limit.rlim_max)
    if limit.rlim_cur < target {
      var raised = limit
      raised.rlim_cur = target
      if unsafe setrlimit(resource, &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
  }
}
