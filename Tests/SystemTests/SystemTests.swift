import Testing

/// Real daemon, real client, real TLS on loopback. One after the other: each test has a hub of its own.
@Suite("A network of real processes", .serialized)
enum SystemTests {}
