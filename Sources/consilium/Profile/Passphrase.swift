import ConsiliumCore
import Foundation

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Where the passphrase of a key comes from: a file, `CONSILIUM_PASSPHRASE`, or the person at the terminal.
struct PassphraseSource: Sendable {
    var file: String?
    var environment: [String: String]

    func read(language: Language) throws(Failure) -> String {
        if let given = try unattended() { return given }
        let prompt = language == .zh ? "密钥口令：" : "passphrase of the key: "
        guard let typed = Self.ask(prompt), !typed.isEmpty else { throw Self.missing(language) }
        return typed
    }

    /// A new passphrase; typed twice when a person types it.
    func choose(language: Language) throws(Failure) -> String {
        let isChinese = language == .zh
        var chosen = try unattended()
        if chosen == nil {
            guard
                let first = Self.ask(
                    isChinese ? "为密钥设置口令（至少 8 个字符）：" : "choose a passphrase for the key (8 characters or more): "
                ),
                let second = Self.ask(isChinese ? "再次输入：" : "once more: ")
            else { throw Self.missing(language) }
            guard first == second else {
                throw Failure(.usage, "passphrase-differs", isChinese ? "两次输入不一致" : "the two entries differ")
            }
            chosen = first
        }
        guard let chosen, chosen.count >= 8 else {
            throw Failure(
                .usage,
                "passphrase-short",
                isChinese ? "口令至少 8 个字符" : "a passphrase has 8 characters or more",
                next: isChinese ? "用于自动化时可加 --no-passphrase" : "for automation there is `--no-passphrase`"
            )
        }
        return chosen
    }

    private func unattended() throws(Failure) -> String? {
        if let file {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw Failure(.usage, "cannot-read", at: file, "no such file, or it may not be read")
            }
            // The file's first line; a line break may be two bytes and is one character.
            return String(String(decoding: data, as: UTF8.self).prefix { !$0.isNewline })
        }
        return environment["CONSILIUM_PASSPHRASE"].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func missing(_ language: Language) -> Failure {
        Failure(
            .usage,
            "passphrase-needed",
            language == .zh
                ? "密钥已加密，而此处没有终端可以询问口令" : "the key is encrypted and there is no terminal to ask for its passphrase",
            next: language == .zh
                ? "使用 --passphrase-file 或环境变量 CONSILIUM_PASSPHRASE" : "use --passphrase-file or CONSILIUM_PASSPHRASE"
        )
    }

    /// Asks on the controlling terminal without showing what is typed; nil when there is none.
    private static func ask(_ prompt: String) -> String? {
        guard let terminal = fopen("/dev/tty", "r+") else { return nil }
        defer { fclose(terminal) }
        let descriptor = fileno(terminal)
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else { return nil }
        var silent = settings
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(descriptor, TCSAFLUSH, &silent)
        defer {
            tcsetattr(descriptor, TCSAFLUSH, &settings)
            fputs("\n", terminal)
        }
        fputs(prompt, terminal)
        fflush(terminal)
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        guard getline(&line, &capacity, terminal) >= 0, let line else { return nil }
        return String(cString: line).trimmingCharacters(in: .newlines)
    }
}
