package dev.slipway.workspace.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** JGit's settings are in memory: none is read from the machine, and saving touches no file. */
@NullMarked
class NoUserConfigurationTest {
    @Test
    void savingWritesNoFileAndReplacesNone() throws Exception {
        NoUserConfiguration.install();
        FileBasedConfig jgit = SystemReader.getInstance().openJGitConfig(null, FS.DETECTED);
        StoredConfig user = SystemReader.getInstance().openUserConfig(null, FS.DETECTED);

        jgit.setString("filesystem", "x", "timestampResolution", "1 ms");
        jgit.save();
        user.setString("user", null, "name", "Somebody");
        user.save();

        assertThat(jgit.getFile()).doesNotExist();
        assertThat(jgit.getFile().toPath()).isNotEqualTo(java.nio.file.Path.of("/dev/null"));
    }
}
