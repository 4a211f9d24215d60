import { expect, it } from "vitest";
import { browserOf } from "./LoginsSection";

it("names browsers as people do", () => {
  expect(browserOf("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0")).toBe(
    "Firefox on Linux",
  );
  expect(
    browserOf("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/129.0 Safari/537.36 Edg/129.0"),
  ).toBe("Chrome on Windows");
  expect(browserOf("curl/8.5.0")).toBe("curl/8.5.0");
  expect(browserOf(null)).toBe("Unknown browser");
});
