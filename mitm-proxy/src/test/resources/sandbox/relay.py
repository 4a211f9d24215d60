"""What agent's relay does in a sandbox: 127.0.0.1:17080 leads to the session's socket."""
import socket
import threading


def pump(source, target):
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            target.sendall(data)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def serve(path="/run/slipway/egress/egress.sock", port=17080):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(512)
    while True:
        client, _ = listener.accept()
        door = socket.socket(socket.AF_UNIX)
        door.connect(path)
        threading.Thread(target=pump, args=(client, door), daemon=True).start()
        threading.Thread(target=pump, args=(door, client), daemon=True).start()


if __name__ == "__main__":
    serve()
