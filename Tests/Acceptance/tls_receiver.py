"""A member's own MLLP listener over mutual TLS: keeps each message in a file, then acknowledges it.

usage: tls_receiver.py CERTIFICATE KEY ROOT FOLDER   (writes the port that it listens on into FOLDER/port)
"""

import os
import socketserver
import ssl
import sys

START, END = b"\x0b", b"\x1c\r"


class Connection(socketserver.BaseRequestHandler):
    def handle(self):
        data = b""
        while True:
            try:
                chunk = self.request.recv(65536)
            except OSError:
                return
            if not chunk:
                return
            data += chunk
            while END in data:
                frame, _, data = data.partition(END)
                message = frame[frame.index(START) + 1 :]
                self.server.count += 1
                path = os.path.join(self.server.folder, f"{self.server.count:04d}.hl7")
                with open(path + ".part", "wb") as file:
                    file.write(message)
                os.rename(path + ".part", path)
                control = message.split(b"\r")[0].split(b"|")[9]
                head = b"MSH|^~\\&|HIS|COUNTY|CONSILIUM|HUB|20260302150001||ACK|A" + control + b"|P|2.5.1\r"
                self.request.sendall(START + head + b"MSA|AA|" + control + b"\r" + END)


class Receiver(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, context, folder):
        self.context = context
        self.folder = folder
        self.count = 0
        super().__init__(("127.0.0.1", 0), Connection)

    def get_request(self):
        connection, address = super().get_request()
        return self.context.wrap_socket(connection, server_side=True), address


def main():
    certificate, key, root, folder = sys.argv[1:5]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(root)
    context.verify_mode = ssl.CERT_REQUIRED
    with Receiver(context, folder) as receiver:
        path = os.path.join(folder, "port")
        with open(path + ".part", "w", encoding="ascii") as file:
            file.write(str(receiver.server_address[1]))
        os.rename(path + ".part", path)
        receiver.serve_forever()


if __name__ == "__main__":
    main()
