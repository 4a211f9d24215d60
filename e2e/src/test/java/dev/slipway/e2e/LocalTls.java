package dev.slipway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * The TLS of a server on this machine that stands for hosts elsewhere, with a certificate of its own.
 *
 * @param certificate what a client is to trust, PEM
 */
record LocalTls(SSLContext context, Path certificate) {
    private static final String HOST = "host";

    /** One for these names and for 127.0.0.1; {@code name} tells its files from others in the folder. */
    static LocalTls of(Path folder, String name, List<String> hosts) throws IOException, GeneralSecurityException {
        KeyFile keys = new KeyFile(folder, name + ".p12");
        String names = hosts.stream().map(host -> "dns:" + host).collect(Collectors.joining(","));
        keys.make(HOST, hosts.getFirst(), "san=" + names + ",ip:127.0.0.1", "bc:critical=ca:true");
        Path certificate = folder.resolve(name + ".pem");
        Files.writeString(certificate, keys.keytool(HOST, "-exportcert", "-rfc"));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.showing(HOST), null, null);
        return new LocalTls(context, certificate);
    }
}
