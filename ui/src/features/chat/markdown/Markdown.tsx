import { memo, useMemo } from "react";
import { CopyButton } from "@/components/CopyButton";
import { blocksOf, htmlOf } from "./blocks";
import { sanitize } from "./sanitize";

/** An agent's Markdown. Each block is parsed and cleaned once, however often the text after it grows. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const blocks = blocksOf(text);
  return (
    <div className="prose">
      {blocks.map((block, index) =>
        block.kind === "code" ? (
          <CodeBlock key={index} code={block.code} language={block.language} />
        ) : (
          <HtmlBlock key={index} raw={block.raw} />
        ),
      )}
    </div>
  );
});

const HtmlBlock = memo(function HtmlBlock({ raw }: { raw: string }) {
  const html = useMemo(() => sanitize(htmlOf(raw)), [raw]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised on the line above
  return <div className="prose-block" dangerouslySetInnerHTML={{ __html: html }} />;
});

const CodeBlock = memo(function CodeBlock({ code, language }: { code: string; language: string }) {
  return (
    <figure className="overflow-hidden rounded-lg border border-line bg-sunken">
      <figcaption className="flex h-8 items-center justify-between border-b border-line ps-3 pe-1 text-xs text-ink-muted">
        <span className="font-mono">{language || "text"}</span>
        <CopyButton text={code} label="Copy code" className="size-6! pointer-coarse:size-8!" />
      </figcaption>
      <pre className="rounded-none! border-0!" tabIndex={0}>
        <code>{code}</code>
      </pre>
    </figure>
  );
});
