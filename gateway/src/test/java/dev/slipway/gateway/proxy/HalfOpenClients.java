package dev.slipway.gateway.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Opens connections that never say all of a request, in a process of its own, which has its own limit of open files. */
final class HalfOpenClients {
    private HalfOpenClients() {}

    /** Takes the port and the number; says so when they are open, and keeps them until its input ends. */
    public static void main(String[] arguments) throws IOException {
        List<Socket> open = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
            if (i % 20 == 0) {
                socket.getOutputStream()
                        .write("GET /api/projects HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.US_ASCII));
            }
            open.add(socket);
        }
        System.out.println("open " + open.size());
        System.in.transferTo(System.out);
    }
}
