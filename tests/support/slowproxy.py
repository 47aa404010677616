"""A TCP proxy that lets only so many bytes a second through from the server, for tests of slow and cut networks.

    slowproxy.py LISTEN_PORT TARGET_PORT BYTES_A_SECOND

Listens on 127.0.0.1, says "ready". Killing it cuts every connection.
"""

import socket
import sys
import threading
import time


def copy(source, sink, rate):
    try:
        while data := source.recv(16384):
            sink.sendall(data)
            if rate:
                time.sleep(len(data) / rate)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def main():
    listen, target, rate = (int(word) for word in sys.argv[1:4])
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", listen))
    server.listen(64)
    print("ready", flush=True)
    while True:
        client, _ = server.accept()
        try:
            upstream = socket.create_connection(("127.0.0.1", target))
        except OSError:
            client.close()
            continue
        threading.Thread(target=copy, args=(client, upstream, 0), daemon=True).start()
        threading.Thread(target=copy, args=(upstream, client, rate), daemon=True).start()


main()
