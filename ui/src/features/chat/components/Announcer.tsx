import { useEffect, useRef, useState } from "react";
import type { ChatMessage } from "../store/types";
import { textOf } from "./MessageView";

/** Tells screen readers when the agent starts and ends. The growing text itself is not read out, token by token. */
export function Announcer({ messages, streaming }: { messages: readonly ChatMessage[]; streaming: boolean }) {
  const [said, setSaid] = useState("");
  const was = useRef(streaming);
  useEffect(() => {
    if (was.current === streaming) {
      return;
    }
    was.current = streaming;
    const last = messages.at(-1);
    const firstSentence = last ? (textOf(last).match(/^[^.!?\n]{0,200}[.!?]?/)?.[0] ?? "") : "";
    setSaid(streaming ? "The agent has started." : `The agent has finished. ${firstSentence}`);
  }, [streaming, messages]);
  return (
    <p role="status" className="sr-only">
      {said}
    </p>
  );
}
