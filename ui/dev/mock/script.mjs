/**
 * What the mock's agent does on a prompt: a list of `[milliseconds to wait, chunk]`, or a function that is asked
 * with the answer to the last permission request. The chunks are those that ACP agents' updates become.
 */
export function scriptFor(text) {
  if (/question/i.test(text)) return [...opening(), ...question()];
  if (/permission|ask/i.test(text)) return [...opening(), ...thinking(), ...permission()];
  if (/fail/i.test(text))
    return [
      ...opening(),
      ...say("t1", "I will try."),
      [200, { type: "data-error", id: "error", data: { message: OVERLOADED } }],
      [5, { type: "error", errorText: OVERLOADED }],
    ];
  if (/long/i.test(text)) return [...opening(), ...say("t1", LONG), ...closing()];
  if (/xss/i.test(text)) return [...opening(), ...say("t1", HOSTILE), ...closing()];
  return [...opening(), ...thinking(), ...work(), ...say("t2", ANSWER), ...closing()];
}

const opening = () => [
  [120, { type: "data-mode", data: { currentModeId: "default" }, transient: true }],
  [20, { type: "start-step" }],
];
const closing = () => [
  [10, { type: "data-usage", data: { used: 18_240, size: 200_000 }, transient: true }],
  [
    10,
    {
      type: "data-checkpoint",
      id: "checkpoint",
      data: { commit: "a81be0243c77", filesChanged: 4, pushed: true },
    },
  ],
  [10, { type: "finish-step" }],
  [10, { type: "finish", finishReason: "stop" }],
];

function say(id, text) {
  const pieces = text.match(/[\s\S]{1,9}/g) ?? [];
  return [
    [30, { type: "text-start", id }],
    ...pieces.map((delta) => [18, { type: "text-delta", id, delta }]),
    [5, { type: "text-end", id }],
  ];
}

function thinking() {
  const text =
    "The request concerns the greeting. I should look at the source first, then change it and run the tests.";
  const pieces = text.match(/[\s\S]{1,24}/g) ?? [];
  return [
    [60, { type: "reasoning-start", id: "r1" }],
    ...pieces.map((delta) => [25, { type: "reasoning-delta", id: "r1", delta }]),
    [5, { type: "reasoning-end", id: "r1" }],
  ];
}

function work() {
  return [
    ...say("t1", "I'll look at how the greeting is made, and who calls it."),
    [
      60,
      { type: "tool-input-start", toolCallId: "c1", toolName: "Grep", dynamic: true, providerExecuted: true },
    ],
    [
      60,
      {
        type: "tool-input-available",
        toolCallId: "c1",
        toolName: "Grep",
        input: { pattern: "greet\\(", path: "src" },
        dynamic: true,
      },
    ],
    [
      240,
      {
        type: "tool-output-available",
        toolCallId: "c1",
        output: {
          content: [
            {
              type: "content",
              content: {
                type: "text",
                text: "src/main/java/app/Greeter.java:9\nsrc/test/java/app/GreeterTest.java:14",
              },
            },
          ],
        },
        dynamic: true,
      },
    ],
    [
      80,
      {
        type: "data-plan",
        id: "plan",
        data: {
          entries: [
            { content: "Find the greeting", status: "completed" },
            { content: "Make the name configurable", status: "in_progress" },
            { content: "Run the tests", status: "pending" },
          ],
        },
      },
    ],
    [60, { type: "tool-input-start", toolCallId: "c2", toolName: "Edit", dynamic: true }],
    [
      40,
      {
        type: "tool-input-available",
        toolCallId: "c2",
        toolName: "Edit",
        input: { file_path: "src/main/java/app/Greeter.java" },
        dynamic: true,
      },
    ],
    [
      200,
      {
        type: "tool-output-available",
        toolCallId: "c2",
        output: {
          content: [
            {
              type: "diff",
              path: "src/main/java/app/Greeter.java",
              oldText: 'class Greeter {\n    String greet() {\n        return "Hello, world";\n    }\n}\n',
              newText:
                'class Greeter {\n    String greet(String name) {\n        return "Hello, " + name;\n    }\n}\n',
            },
          ],
        },
        dynamic: true,
      },
    ],
    [60, { type: "tool-input-start", toolCallId: "c3", toolName: "Bash", dynamic: true }],
    [40, { type: "tool-input-delta", toolCallId: "c3", inputTextDelta: '{"command":"./mvnw -q' }],
    [
      40,
      {
        type: "tool-input-available",
        toolCallId: "c3",
        toolName: "Bash",
        input: { command: "./mvnw -q test" },
        dynamic: true,
      },
    ],
    [
      260,
      {
        type: "tool-output-available",
        toolCallId: "c3",
        output: {
          content: [{ type: "content", content: { type: "text", text: "Running app.GreeterTest" } }],
        },
        preliminary: true,
        dynamic: true,
      },
    ],
    [
      420,
      {
        type: "tool-output-available",
        toolCallId: "c3",
        output: {
          content: [
            {
              type: "content",
              content: {
                type: "text",
                text: "Running app.GreeterTest\nTests run: 4, Failures: 0, Errors: 0, Skipped: 0",
              },
            },
          ],
        },
        dynamic: true,
      },
    ],
    [
      40,
      {
        type: "data-plan",
        id: "plan",
        data: {
          entries: [
            { content: "Find the greeting", status: "completed" },
            { content: "Make the name configurable", status: "completed" },
            { content: "Run the tests", status: "completed" },
          ],
        },
      },
    ],
  ];
}

function permission() {
  const request = {
    requestId: "p1",
    state: "pending",
    title: "Run git push origin main",
    toolCall: {
      toolCallId: "c9",
      title: "git push origin main",
      rawInput: { command: "git push origin main" },
    },
    options: [
      { optionId: "allow", name: "Allow once", kind: "allow_once" },
      { optionId: "always", name: "Always allow", kind: "allow_always" },
      { optionId: "reject", name: "Deny", kind: "reject_once" },
    ],
  };
  return [
    ...say("t1", "I need to push the branch for that."),
    [60, { type: "tool-input-start", toolCallId: "c9", toolName: "Bash", dynamic: true }],
    [
      40,
      {
        type: "tool-input-available",
        toolCallId: "c9",
        toolName: "Bash",
        input: { command: "git push origin main" },
        dynamic: true,
      },
    ],
    [40, { type: "tool-approval-request", approvalId: "p1", toolCallId: "c9" }],
    [10, { type: "data-permission", id: "p1", data: request }],
    (option) =>
      option === "reject"
        ? [
            [
              20,
              {
                type: "data-permission",
                id: "p1",
                data: { ...request, state: "resolved", optionId: option },
              },
            ],
            [20, { type: "tool-output-denied", toolCallId: "c9" }],
            ...say("t3", "Understood, I leave it unpushed."),
            ...closing(),
          ]
        : [
            [
              20,
              {
                type: "data-permission",
                id: "p1",
                data: { ...request, state: "resolved", optionId: option },
              },
            ],
            [20, { type: "tool-approval-response", approvalId: "p1", toolCallId: "c9", approved: true }],
            [
              200,
              {
                type: "tool-output-available",
                toolCallId: "c9",
                output: "To origin\n   3f9c2d7..a81be02  main -> main",
              },
            ],
            ...say("t3", "Pushed."),
            ...closing(),
          ],
  ];
}

function question() {
  const form = {
    requestId: "q1",
    state: "pending",
    title: "How should the greeting be stored?",
    questions: [
      {
        id: "store",
        type: "choice",
        header: "Store",
        question: "Where?",
        required: true,
        options: [
          { optionId: "pg", name: "Postgres", description: "It is there already" },
          { optionId: "file", name: "A file", description: "Nothing to run" },
        ],
      },
      {
        id: "langs",
        type: "multiple",
        question: "In which languages?",
        required: false,
        options: [
          { optionId: "en", name: "English" },
          { optionId: "de", name: "German" },
        ],
      },
      { id: "note", type: "string", question: "Anything else?", required: false },
    ],
    options: [],
  };
  return [
    ...say("t1", "Before I begin:"),
    [20, { type: "data-question", id: "q1", data: form }],
    (answer) => [
      [20, { type: "data-question", id: "q1", data: { ...form, state: "resolved", ...answer } }],
      ...say("t3", `You chose ${JSON.stringify(answer.answers ?? "nothing")}.`),
      ...closing(),
    ],
  ];
}

const OVERLOADED = "The model's provider answered 529: overloaded. Send the message again in a moment.";

const ANSWER = `The greeting now takes the **name** it greets, and all four tests pass.

### What changed

- \`Greeter.greet\` has a parameter \`name\`
- the test covers an *empty* name too

\`\`\`java
String greet(String name) {
    return "Hello, " + name;
}
\`\`\`

| test | result |
| --- | --- |
| \`greetsByName\` | passed |
| \`greetsNobody\` | passed |

Shall I also update the [README](https://example.com/readme)?`;

const LONG = Array.from(
  { length: 60 },
  (_, i) => `Paragraph ${i + 1}: the quick brown fox jumps over the lazy dog, again and again.`,
).join("\n\n");

const HOSTILE = `Look: <img src=x onerror="window.__pwned=1"> <script>window.__pwned=1</script>

[click](javascript:window.__pwned=1) ![leak](https://evil.example/leak.png)

<a href="data:text/html,<script>window.__pwned=1</script>">data</a> <svg onload="window.__pwned=1"></svg>`;
