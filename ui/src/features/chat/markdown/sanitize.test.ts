// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { htmlOf } from "./blocks";
import { sanitize } from "./sanitize";

describe("the sanitiser", () => {
  it.each([
    ["a script", "<p>a</p><script>alert(1)</script>"],
    ["an event handler", '<p onclick="alert(1)">a</p>'],
    ["an image", '<img src="https://evil.example/?leak" onerror="alert(1)">'],
    ["a vector image", '<svg onload="alert(1)"><a href="javascript:alert(1)">x</a></svg>'],
    ["a frame", '<iframe src="https://evil.example"></iframe>'],
    ["a form", '<form action="https://evil.example"><input name="password"></form>'],
    ["a style", '<p style="position:fixed;inset:0">a</p><style>*{display:none}</style>'],
    ["a script link", '<a href="javascript:alert(1)">x</a>'],
    ["a script link in disguise", '<a href="java&#10;script:alert(1)">x</a>'],
    ["a data link", '<a href="data:text/html,<script>alert(1)</script>">x</a>'],
    ["an id that shadows a global", '<p id="config" name="config">a</p>'],
  ])("lets no %s through", (_name, html) => {
    expect(sanitize(html)).not.toMatch(
      /script|onclick|onerror|onload|<img|<svg|<iframe|<form|<input|style|data:|id=|name=/i,
    );
  });

  it("keeps what Markdown makes", () => {
    const html = sanitize(htmlOf("**b** `c`\n\n- one\n- two\n\n| a | b |\n| - | - |\n| 1 | 2 |"));
    for (const tag of ["strong", "code", "ul", "li", "table", "td"]) {
      expect(html).toContain(`<${tag}`);
    }
  });

  it("opens links elsewhere and tells them nothing", () => {
    const html = sanitize('<a href="https://example.com" target="_self" rel="opener">x</a>');
    expect(html).toContain('target="_blank"');
    expect(html).toContain('rel="noopener noreferrer nofollow"');
  });
});
