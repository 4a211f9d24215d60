package dev.slipway.workspace.git;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A git command in the making; each step gives a changed copy. It has a deadline (60 s unless said) and a limit to its output
 * (32 MiB unless said), beyond which it is ended.
 */
public final class GitCommand {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long OUTPUT_MAX = 32L << 20;

    private final Path folder;
    private final Map<String, String> environment;
    private final List<Map.Entry<String, String>> configuration;
    private final byte @Nullable [] input;
    private final Duration deadline;
    private final long outputMax;
    private final @Nullable Path own;
    private final Ceiling ceiling;

    GitCommand(Path folder, Map<String, String> environment) {
        this(folder, environment, List.of(), null, DEADLINE, OUTPUT_MAX, null, Ceiling.NONE);
    }

    private GitCommand(
            Path folder,
            Map<String, String> environment,
            List<Map.Entry<String, String>> configuration,
            byte @Nullable [] input,
            Duration deadline,
            long outputMax,
            @Nullable Path own,
            Ceiling ceiling) {
        this.folder = folder;
        this.environment = environment;
        this.configuration = configuration;
        this.input = input;
        this.deadline = deadline;
        this.outputMax = outputMax;
        this.own = own;
        this.ceiling = ceiling;
    }

    /** On a repository that only we write to: a lock that a killed git left there is waited for and removed. */
    GitCommand onOurOwn(Path repository) {
        return new GitCommand(folder, environment, configuration, input, deadline, outputMax, repository, ceiling);
    }

    /** With a variable in its environment. */
    public GitCommand with(String name, String value) {
        return new GitCommand(
                folder, plus(environment, name, value), configuration, input, deadline, outputMax, own, ceiling);
    }

    /** With a setting that stands above all configuration files; a second one of the same name is added to the first. */
    public GitCommand config(String key, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(configuration);
        more.add(Map.entry(key, value));
        return new GitCommand(folder, environment, more, input, deadline, outputMax, own, ceiling);
    }

    /** With something to read. */
    public GitCommand input(String text) {
        return input(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With something to read. */
    public GitCommand input(byte[] bytes) {
        return new GitCommand(folder, environment, configuration, bytes.clone(), deadline, outputMax, own, ceiling);
    }

    /** With another deadline. */
    public GitCommand deadline(Duration longest) {
        return new GitCommand(folder, environment, configuration, input, longest, outputMax, own, ceiling);
    }

    /** With another limit to its output, in bytes. */
    public GitCommand outputMax(long bytes) {
        return new GitCommand(folder, environment, configuration, input, deadline, bytes, own, ceiling);
    }

    /** Ended by the system when it, or what it starts, takes more than this. */
    public GitCommand ceiling(Ceiling most) {
        return new GitCommand(folder, environment, configuration, input, deadline, outputMax, own, most);
    }

    /** Runs it. @throws GitException if it does not succeed or its output is cut */
    public GitOutput run(String... arguments) {
        return run(List.of(arguments));
    }

    /** Runs it. @throws GitException if it does not succeed or its output is cut */
    public GitOutput run(List<String> arguments) {
        GitOutput output = attempt(arguments, line -> {});
        if (!output.ok()) {
            throw new GitException(
                    "git " + arguments.getFirst() + " failed (exit " + output.exit() + "): " + output.error(),
                    output.exit());
        }
        if (output.cut()) {
            throw new GitException(
                    "git " + arguments.getFirst() + " wrote more than " + outputMax + " bytes", output.exit());
        }
        return output;
    }

    /** Runs it and gives what came of it, whatever that is. @throws GitException only if it came to no end */
    public GitOutput attempt(String... arguments) {
        return attempt(List.of(arguments), line -> {});
    }

    /** Runs it and gives what came of it, whatever that is. @throws GitException only if it came to no end */
    public GitOutput attempt(List<String> arguments) {
        return attempt(arguments, line -> {});
    }

    /** As {@link #attempt(String...)}, and tells each line of progress. */
    public GitOutput attempt(List<String> arguments, Consumer<String> progress) {
        GitOutput output = once(arguments, progress);
        try {
            boolean again = own != null && !output.ok() && StaleLock.isGone(own, output.error());
            return again ? once(arguments, progress) : output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GitException("git " + arguments.getFirst() + ": interrupted", e);
        }
    }

    private GitOutput once(List<String> arguments, Consumer<String> progress) {
        try (GitProcess process = start(arguments, progress)) {
            Thread writer = Thread.ofVirtual().name("git-stdin").start(() -> feed(process));
            byte[] bytes = process.output().readNBytes((int) Math.min(outputMax, Integer.MAX_VALUE - 8));
            boolean cut = process.output().read() >= 0;
            if (cut) {
                process.end();
            }
            int exit = process.await();
            writer.join();
            return new GitOutput(cut ? 0 : exit, bytes, cut, process.error());
        } catch (IOException e) {
            throw new GitException("git " + arguments.getFirst() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GitException("git " + arguments.getFirst() + ": interrupted", e);
        }
    }

    /** Starts it, for output that is read as it comes. Whoever closes the process ends it. */
    public GitProcess start(List<String> arguments, Consumer<String> progress) {
        Fence.check();
        List<String> command = new ArrayList<>(ceiling.prefix());
        command.add("git");
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        Map<String, String> variables = builder.environment();
        variables.clear();
        variables.putAll(environment);
        variables.put("GIT_CONFIG_COUNT", Integer.toString(configuration.size()));
        int index = 0;
        for (Map.Entry<String, String> setting : configuration) {
            variables.put("GIT_CONFIG_KEY_" + index, setting.getKey());
            variables.put("GIT_CONFIG_VALUE_" + index, setting.getValue());
            index++;
        }
        try {
            return new GitProcess(builder.start(), deadline, progress);
        } catch (IOException e) {
            throw new GitException("git cannot be started in " + folder + ": " + e.getMessage(), e);
        }
    }

    private void feed(GitProcess process) {
        try (var to = process.input()) {
            if (input != null) {
                to.write(input);
            }
        } catch (IOException _) {
            // Git ended before it had read all; its exit status says why.
            return;
        }
    }

    private static Map<String, String> plus(Map<String, String> map, String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(map);
        more.put(key, value);
        return more;
    }
}
