package dev.slipway.session.bench;

import dev.slipway.session.testing.Suite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** session-service in a process of its own, on the suite's database, broker and peers. */
record ServiceProcess(Process process, int port) {

    /** Starts it and returns when it takes connections. */
    static ServiceProcess start(Suite suite, List<String> jvm) throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.slipway.session.Application"));
        suite.properties().forEach((name, value) -> command.add("-" + name + "=" + value));
        command.add("-micronaut.server.port=" + port);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return new ServiceProcess(process, port);
            } catch (IOException _) {
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("session-service did not start");
    }

    /** What it holds in memory: its proportional set size in MB. */
    long megabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/smaps_rollup")).stream()
                .filter(line -> line.startsWith("Pss:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) / 1024)
                .sum();
    }

    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
