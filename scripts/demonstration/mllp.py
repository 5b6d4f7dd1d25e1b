"""A hospital information system reduced to its MLLP port: it sends messages, and takes and acknowledges others."""

import argparse
import os
import signal
import socket
import socketserver
import threading
import time

START, END = b"\x0b", b"\x1c\r"


def segments(message):
    return [line for line in message.split(b"\r") if line]


def field(message, name, number, charset):
    """Field `number` of the first segment called `name`, as text."""
    for line in message.decode(charset).split("\r"):
        if line.startswith(name + "|"):
            fields = line.split("|")
            index = number - 1 if name == "MSH" else number
            return fields[index] if index < len(fields) else ""
    return ""


def receive(connection):
    """One frame's bytes; None when the peer has closed."""
    data = b""
    while END not in data:
        chunk = connection.recv(65536)
        if not chunk:
            return None
        data += chunk
    start = data.index(START) + 1
    return data[start : data.index(END)]


def send(port, message, timeout=15.0):
    """Sends one message to a local port and gives the acknowledgement's bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.settimeout(timeout)
        connection.sendall(START + message + END)
        reply = receive(connection)
    if reply is None:
        raise ConnectionError("closed without an acknowledgement")
    return reply


def acknowledgement(message, charset):
    """AA for a message, in its own character set."""
    header = message.decode(charset).split("\r")[0].split("|")
    now = time.strftime("%Y%m%d%H%M%S")
    own = ["MSH", header[1], header[4], header[5], header[2], header[3], now, "", "ACK", "K" + header[9], "P", header[11]]
    own += [""] * 5 + header[17:18]
    return ("|".join(own) + f"\rMSA|AA|{header[9]}\r").encode(charset)


class Receiver(socketserver.ThreadingTCPServer):
    """Acknowledges every message and keeps its bytes in a folder, one file each, in the order of arrival."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port, folder, charset):
        self.folder = folder
        self.charset = charset
        self.count = 0
        self.guard = threading.Lock()
        super().__init__(("127.0.0.1", port), Connection)

    def keep(self, message):
        with self.guard:
            self.count += 1
            path = os.path.join(self.folder, f"{self.count:04d}.hl7")
            with open(path + ".part", "wb") as file:
                file.write(message)
            os.rename(path + ".part", path)


class Connection(socketserver.BaseRequestHandler):
    def handle(self):
        while True:
            try:
                message = receive(self.request)
            except OSError:
                return
            if message is None:
                return
            self.server.keep(message)
            self.request.sendall(START + acknowledgement(message, self.server.charset) + END)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--charset", default="utf-8")
    arguments = parser.parse_args()
    os.makedirs(arguments.folder, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    with Receiver(arguments.port, arguments.folder, arguments.charset) as receiver:
        receiver.serve_forever()


if __name__ == "__main__":
    main()
