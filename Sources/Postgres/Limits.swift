/// Every bound of the driver by name. The pool's and the connections' own settings are in their configurations.
enum Limits {
    /// Parameters of one statement (the protocol counts them in 16 bits).
    static let parametersMax = 65_535
    /// Bytes of one parameter: the protocol's and the server's bound of 1 GB less its header.
    static let parameterBytesMax = 1_000_000_000
    /// Pause between two tries while the server says that it is starting up.
    static let startingUpPause = Duration.milliseconds(50)
    /// Rows, notices and notifications collected for one wake-up of a listener.
    static let notificationsPerBatch = 1024
    /// Stack of a connection's thread, in bytes. libpq with TLS and GSSAPI needs far less.
    static let threadStackBytes = 512 * 1024
}
