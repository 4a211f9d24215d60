const GREETER = `diff --git a/src/main/java/app/Greeter.java b/src/main/java/app/Greeter.java
index 3f1c2aa..9b7e001 100644
--- a/src/main/java/app/Greeter.java
+++ b/src/main/java/app/Greeter.java
@@ -4,9 +4,13 @@ package app;
 
 /** Says hello. */
 final class Greeter {
-    String greet() {
-        return "Hello, world";
+    /** Greets {@code name}, or the world when there is none. */
+    String greet(String name) {
+        if (name.isBlank()) {
+            return "Hello, world";
+        }
+        return "Hello, " + name;
     }
 
     @Override
     public String toString() {
`;
const TEST = `diff --git a/src/test/java/app/GreeterTest.java b/src/test/java/app/GreeterTest.java
index aa01b2c..bb02c3d 100644
--- a/src/test/java/app/GreeterTest.java
+++ b/src/test/java/app/GreeterTest.java
@@ -12,4 +12,9 @@ class GreeterTest {
     @Test
     void greetsByName() {
-        assertThat(greeter.greet()).isEqualTo("Hello, world");
+        assertThat(greeter.greet("Ada")).isEqualTo("Hello, Ada");
+    }
+
+    @Test
+    void greetsTheWorldWhenThereIsNoName() {
+        assertThat(greeter.greet(" ")).isEqualTo("Hello, world");
     }
\\ No newline at end of file
`;
const RENAME = `diff --git a/docs/old-name.md b/docs/greeting.md
similarity index 100%
rename from docs/old-name.md
rename to docs/greeting.md
`;

/** A session's diff once its agent has worked; \`big\` adds a generated file of 20,000 lines. */
export function diffOf(session) {
  const files = !session.changed
    ? []
    : [
        {
          path: "src/main/java/app/Greeter.java",
          status: "modified",
          additions: 6,
          deletions: 2,
          binary: false,
          patch: GREETER,
        },
        {
          path: "src/test/java/app/GreeterTest.java",
          status: "modified",
          additions: 6,
          deletions: 1,
          binary: false,
          patch: TEST,
        },
        {
          path: "docs/greeting.md",
          oldPath: "docs/old-name.md",
          status: "renamed",
          additions: 0,
          deletions: 0,
          binary: false,
          patch: RENAME,
        },
        { path: "docs/logo.png", status: "added", additions: 0, deletions: 0, binary: true },
      ];
  if (session.changed && /big/i.test(session.name ?? "")) {
    const lines = Array.from(
      { length: 20_000 },
      (_, i) => `+  "key-${i}": "a generated value number ${i}",`,
    ).join("\n");
    const patch = `diff --git a/gen.json b/gen.json\nnew file mode 100644\n--- /dev/null\n+++ b/gen.json\n@@ -0,0 +1,20000 @@\n${lines}\n`;
    files.unshift({
      path: "gen.json",
      status: "added",
      additions: 20_000,
      deletions: 0,
      binary: false,
      patch,
    });
  }
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  return {
    files,
    stats: { filesChanged: files.length, additions: sum("additions"), deletions: sum("deletions") },
  };
}
