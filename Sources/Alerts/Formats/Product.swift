/// Who writes the alerts, as formats name their sender.
public enum Product {
  public static let vendor = "Windhover"
  public static let name = "Windhover"
  public static let version = "0.1.0"
}
