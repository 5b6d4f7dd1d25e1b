"""The hospital's system as a receiver: the MLLP server of the PyPI package `hl7`; keeps each message, then acknowledges."""

import asyncio
import os
import sys

import hl7
from hl7.mllp import start_hl7_server

count = 0


async def serve(folder, reader, writer):
    global count
    try:
        while not writer.is_closing():
            message = await reader.readmessage()
            count += 1
            path = os.path.join(folder, f"{count:05d}.hl7")
            with open(path + ".part", "wb") as file:
                file.write(str(message).encode("gb18030"))
            os.rename(path + ".part", path)
            writer.writemessage(message.create_ack())
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, hl7.ParseException):
        pass
    finally:
        writer.close()


async def main():
    port, folder = int(sys.argv[1]), sys.argv[2]
    server = await start_hl7_server(
        lambda reader, writer: serve(folder, reader, writer), host="127.0.0.1", port=port, encoding="gb18030"
    )
    async with server:
        await server.serve_forever()


asyncio.run(main())
