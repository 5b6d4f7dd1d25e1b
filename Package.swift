// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "consilium",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "consiliumd", targets: ["consiliumd"]),
        .executable(name: "consilium", targets: ["consilium"]),
        .executable(name: "consilium-simulate", targets: ["consilium-simulate"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration",
            from: "1.4.0",
            traits: [.defaults, "YAML", "CommandLineArguments"]
        ),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // The domain: no network, no SQL, no format.
        .target(name: "ConsiliumCore"),
        // Bytes to commands and replies: no sockets, no storage.
        .target(name: "ConsiliumAdapters", dependencies: ["ConsiliumCore"]),
        // The only writer.
        .target(
            name: "ConsiliumLedger",
            dependencies: [
                "ConsiliumCore",
                "CZlib",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        // A governance report as text, tables, a page or a workbook: computes nothing.
        .target(name: "ConsiliumReports", dependencies: ["ConsiliumCore", "CXLSXWriter"]),
        // An invented province's year, written through the ledger: something to measure.
        .target(name: "ConsiliumGenerator", dependencies: ["ConsiliumCore", "ConsiliumLedger"]),
        // Mutual TLS, certificates, MLLP framing, HTTP client: knows nothing of the domain.
        .target(
            name: "ConsiliumTransport",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOHTTP2", package: "swift-nio-http2"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdHTTP2", package: "hummingbird"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "_CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ]
        ),
        .executableTarget(
            name: "consiliumd",
            dependencies: [
                "ConsiliumCore", "ConsiliumAdapters", "ConsiliumLedger", "ConsiliumTransport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .executableTarget(
            name: "consilium",
            dependencies: [
                "ConsiliumCore", "ConsiliumAdapters", "ConsiliumGenerator", "ConsiliumLedger", "ConsiliumReports",
                "ConsiliumTransport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        // Plays a small network on a virtual clock and checks what the ledger promises; and a generated year, as auditors
        // pull it.
        .executableTarget(
            name: "consilium-simulate",
            dependencies: [
                "ConsiliumCore", "ConsiliumAdapters", "ConsiliumGenerator", "ConsiliumLedger", "ConsiliumReports",
            ]
        ),
        .testTarget(
            name: "ConsiliumLedgerTests",
            dependencies: [
                "ConsiliumCore", "ConsiliumLedger",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .testTarget(
            name: "ConsiliumGeneratorTests",
            dependencies: ["ConsiliumCore", "ConsiliumLedger", "ConsiliumGenerator"]
        ),
        .testTarget(
            name: "ConsiliumTransportTests",
            dependencies: [
                "ConsiliumTransport",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOTLS", package: "swift-nio"),
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        .testTarget(name: "ConsiliumCoreTests", dependencies: ["ConsiliumCore"]),
        .testTarget(
            name: "ConsiliumClientTests",
            dependencies: [
                "consilium", "ConsiliumCore", "ConsiliumAdapters", "ConsiliumReports", "ConsiliumTransport",
                .product(name: "NIOConcurrencyHelpers", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        .testTarget(name: "ConsiliumAdaptersTests", dependencies: ["ConsiliumCore", "ConsiliumAdapters"]),
        .testTarget(name: "ConsiliumReportsTests", dependencies: ["ConsiliumCore", "ConsiliumReports"]),
        // Runs the built consiliumd and consilium, which stand beside the test bundle: `swift build --build-tests` and
        // `swift test` build every product of the package.
        .testTarget(
            name: "SystemTests",
            dependencies: ["ConsiliumCore", "ConsiliumAdapters", "ConsiliumLedger", "ConsiliumTransport"]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
    var settings = target.swiftSettings ?? []
    settings.append(.enableUpcomingFeature("ExistentialAny"))
    settings.append(.enableUpcomingFeature("InternalImportsByDefault"))
    settings.append(.enableUpcomingFeature("MemberImportVisibility"))
    settings.append(.enableUpcomingFeature("NonisolatedNonsendingByDefault"))
    settings.append(.enableUpcomingFeature("InferIsolatedConformances"))
    settings.append(.enableUpcomingFeature("ImmutableWeakCaptures"))
    settings.append(.treatAllWarnings(as: .error))
    target.swiftSettings = settings
}
