package dev.slipway.workspace.transport;

import dev.slipway.workspace.git.GitProcess;
import java.io.FilterInputStream;
import java.io.IOException;

/** What a running git writes. Closing it ends the process, whether it was read to the end or the client went away. */
final class ProcessOutput extends FilterInputStream {
    private final GitProcess process;

    ProcessOutput(GitProcess process) {
        super(process.output());
        this.process = process;
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
