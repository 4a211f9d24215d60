import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Counts the tests of one run by kind, from the reports (JUnit XML) below the project that are younger than its begin, and
 * from counts given as arguments. The last line is the total. Ends with 1 if a test failed, if there was none at all, or if more than
 * {@value #UNSTABLE_MAX} passed at their second attempt only: each of those is named, for it is a defect of the test or of the product.
 */
final class TestSummary {
    /** What a test class says that needs more than itself: a database, a broker, an application context, git. */
    private static final Pattern INTEGRATION =
            Pattern.compile("@MicronautTest|EmbeddedServer|Postgres|Kafka|ApplicationContext|ProcessBuilder|GitRepositor|TestRepositor");

    /** On a busy machine one deadline of many may be missed; more at once are no accident. */
    private static final int UNSTABLE_MAX = 3;

    private final Path root;
    private final Map<String, int[]> counts = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private final List<String> unstable = new ArrayList<>();

    private TestSummary(Path root) {
        this.root = root;
    }

    /** Arguments: the project's folder, the begin in seconds since 1970, counts to add, {@code unstable=<name>} for a second attempt. */
    public static void main(String[] arguments) throws IOException, XMLStreamException {
        TestSummary summary = new TestSummary(Path.of(arguments[0]).toAbsolutePath().normalize());
        long begin = Long.parseLong(arguments[1]) * 1000;
        for (Path report : summary.reports()) {
            if (Files.getLastModifiedTime(report).toMillis() >= begin) {
                summary.count(report);
            }
        }
        for (int i = 2; i < arguments.length; i++) {
            if (arguments[i].startsWith("unstable=")) {
                summary.unstable.add(arguments[i].substring("unstable=".length()));
            } else {
                summary.add(arguments[i]);
            }
        }
        System.exit(summary.print() ? 0 : 1);
    }

    /** Counts that come without a report: {@code <kind>=<passed>,<failed>,<skipped>}. */
    private void add(String count) {
        String[] parts = count.split("[=,]");
        int[] cell = counts.computeIfAbsent(parts[0], _ -> new int[3]);
        for (int i = 0; i < cell.length; i++) {
            cell[i] += Integer.parseInt(parts[i + 1]);
        }
    }

    private List<Path> reports() throws IOException {
        try (Stream<Path> modules = Files.list(root)) {
            List<Path> all = new ArrayList<>();
            for (Path module : modules.filter(Files::isDirectory).sorted().toList()) {
                Path reports = module.resolve("target/surefire-reports");
                if (Files.isDirectory(reports)) {
                    try (Stream<Path> files = Files.list(reports)) {
                        files.filter(file -> file.toString().endsWith(".xml")).sorted().forEach(all::add);
                    }
                }
            }
            return all;
        }
    }

    /** Per test case and not from the suite's own sums: some writers leave those out. */
    private void count(Path report) throws IOException, XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try (var stream = Files.newInputStream(report)) {
            XMLStreamReader xml = factory.createXMLStreamReader(stream);
            String test = "";
            int[] cell = null;
            int outcome = 0;
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamReader.START_ELEMENT) {
                    switch (xml.getLocalName()) {
                        case "testcase" -> {
                            String type = String.valueOf(xml.getAttributeValue(null, "classname"));
                            test = type + "." + xml.getAttributeValue(null, "name");
                            cell = counts.computeIfAbsent(kind(report, type), _ -> new int[3]);
                            outcome = 0;
                        }
                        case "failure", "error" -> outcome = 1;
                        case "flakyFailure", "flakyError" -> unstable.add(test);
                        case "skipped" -> outcome = 2;
                        default -> {}
                    }
                } else if (event == XMLStreamReader.END_ELEMENT && xml.getLocalName().equals("testcase") && cell != null) {
                    cell[outcome]++;
                    if (outcome == 1) {
                        failures.add(test);
                    }
                }
            }
        }
    }

    private String kind(Path report, String type) throws IOException {
        String module = root.relativize(report).getName(0).toString();
        Path source = root.resolve(module).resolve("src/test/java").resolve(type.replace('.', '/').replaceFirst("\\$.*", "") + ".java");
        String text = Files.exists(source) ? Files.readString(source) : "";
        boolean engine = text.contains("@Tag(\"engine\")");
        if (module.equals("e2e") && engine) {
            return "4 end to end";
        }
        if (engine) {
            return "3 on the container engine";
        }
        return INTEGRATION.matcher(text).find() ? "2 integration" : "1 unit";
    }

    private boolean print() {
        int[] total = new int[3];
        System.out.println();
        failures.forEach(failure -> System.out.println("FAILED " + failure));
        unstable.forEach(test -> System.out.println("UNSTABLE (passed at the second attempt) " + test));
        if (unstable.size() > UNSTABLE_MAX) {
            System.out.println("FAILED: " + unstable.size() + " tests needed a second attempt, at most " + UNSTABLE_MAX + " may");
        }
        counts.forEach((kind, cell) -> {
            System.out.printf("%-26s %s%n", kind.substring(2), line(cell));
            for (int i = 0; i < total.length; i++) {
                total[i] += cell[i];
            }
        });
        System.out.println(line(total));
        return total[1] == 0 && total[0] > 0 && unstable.size() <= UNSTABLE_MAX;
    }

    private static String line(int[] cell) {
        return cell[0] + " passed, " + cell[1] + " failed, " + cell[2] + " skipped";
    }
}
