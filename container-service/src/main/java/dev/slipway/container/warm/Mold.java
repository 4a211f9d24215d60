package dev.slipway.container.warm;

/**
 * What cannot be changed in a sandbox that runs. One that was made ahead fits a session exactly if these are the same.
 *
 * @param imageId digest of its image
 * @param tmpBytes size of {@code /tmp}
 * @param openFiles file handles per process
 * @param isolation the engine's runtime
 * @param runDir what the directories that are mounted lie in
 * @param version of the service that makes it
 */
record Mold(String imageId, long tmpBytes, int openFiles, String isolation, String runDir, String version) {
    /** As it stands in the table. */
    String text() {
        return imageId + " tmp=" + tmpBytes + " files=" + openFiles + " " + isolation + " in=" + runDir + " by="
                + version;
    }
}
