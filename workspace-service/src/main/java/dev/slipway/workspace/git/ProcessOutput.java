package dev.slipway.workspace.git;

import java.io.FilterInputStream;
import java.io.IOException;

/** What a running git writes. Closing it ends the process, whether it was read to the end or the client went away. */
public final class ProcessOutput extends FilterInputStream {
    private final GitProcess process;

    /** The output of a process that was started for it. */
    public ProcessOutput(GitProcess process) {
        super(process.output());
        this.process = process;
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
