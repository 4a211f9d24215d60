import createPurifier from "dompurify";

const TAGS = [
  ...["a", "b", "strong", "i", "em", "s", "del", "code", "pre", "kbd", "sub", "sup", "br", "hr", "p", "span"],
  ...["h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "details", "summary"],
  ...["table", "thead", "tbody", "tr", "th", "td"],
];

/**
 * What an agent writes is hostile input: it may quote a page that the agent read. Only text markup passes; no style,
 * no form, no image (its address would carry data out of the browser), and links only to the web or by mail.
 */
export function sanitize(html: string): string {
  return purifier().sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ["href", "title", "start", "align", "rel", "target", "open"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#)/i,
  });
}

let made: ReturnType<typeof createPurifier> | null = null;

function purifier(): ReturnType<typeof createPurifier> {
  if (!made) {
    made = createPurifier(window);
    made.addHook("afterSanitizeAttributes", (node) => {
      if (node.tagName === "A") {
        node.setAttribute("target", "_blank");
        node.setAttribute("rel", "noopener noreferrer nofollow");
      }
    });
  }
  return made;
}
