package dev.slipway.workspace.history;

import java.io.File;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/** JGit without the configuration of the machine and of its user, as we run the git executable too. */
final class NoUserConfiguration extends SystemReader.Delegate {
    private NoUserConfiguration(SystemReader real) {
        super(real);
    }

    static void install() {
        SystemReader.setInstance(new NoUserConfiguration(SystemReader.getInstance()));
    }

    @Override
    public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
        return new Empty(parent, fs);
    }

    @Override
    public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
        return new Empty(parent, fs);
    }

    @Override
    public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
        return new Empty(parent, fs);
    }

    /**
     * Nothing is read and nothing is written. JGit would save what it measures of the file system by renaming a new file over the
     * old one, so the name must be that of no file that matters, least of all a device.
     */
    private static final class Empty extends FileBasedConfig {
        private static final File NOWHERE = new File(System.getProperty("java.io.tmpdir"), "slipway-no-such-gitconfig");

        Empty(@Nullable Config parent, FS fs) {
            super(parent, NOWHERE, fs);
        }

        @Override
        public void load() {
            // Nothing to load: it stays empty.
        }

        @Override
        public void save() {
            // Kept in memory only.
        }

        @Override
        public boolean isOutdated() {
            return false;
        }
    }
}
