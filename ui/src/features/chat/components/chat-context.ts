import { createContext, useContext } from "react";

/** Where the conversation's cards send their answers. */
export interface ChatContextValue {
  project: string;
  session: string;
  /** Requests that were answered here, before the stream confirms it: id to option. */
  answered: Readonly<Record<string, string>>;
  onAnswered: (requestId: string, optionId: string) => void;
}

export const ChatContext = createContext<ChatContextValue | null>(null);

export function useChatContext(): ChatContextValue {
  const value = useContext(ChatContext);
  if (!value) {
    throw new Error("a chat card stands outside a chat");
  }
  return value;
}
