import { useContext, useEffect, useSyncExternalStore } from "react";
import { ProjectEventsContext } from "@/lib/use-project-events";
import { type ChatSnapshot, ChatStore } from "./chat-store";

/** Conversations kept in memory, so that going back to one shows it at once. */
const STORES_MAX = 12;
const stores = new Map<string, ChatStore>();

export function chatStore(project: string, session: string): ChatStore {
  const key = `${project}/${session}`;
  const store = stores.get(key) ?? new ChatStore(project, session);
  stores.delete(key);
  stores.set(key, store);
  for (const [oldest, other] of stores) {
    if (stores.size <= STORES_MAX) break;
    other.detach();
    stores.delete(oldest);
  }
  return store;
}

/** A hidden page gives its connection back after this long: browsers have six per server on HTTP/1.1. */
const HIDDEN_MAX = 30_000;

export function useChat(project: string, session: string): [ChatSnapshot, ChatStore] {
  const store = chatStore(project, session);
  const line = useContext(ProjectEventsContext);
  useEffect(() => store.join(line), [store, line]);
  useEffect(() => {
    store.attach();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onVisibility = () => {
      clearTimeout(timer);
      if (document.visibilityState === "hidden") {
        timer = setTimeout(() => store.detach(), HIDDEN_MAX);
      } else {
        store.attach();
        store.wake();
      }
    };
    const onOnline = () => store.wake();
    document.addEventListener("visibilitychange", onVisibility);
    window.addEventListener("online", onOnline);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisibility);
      window.removeEventListener("online", onOnline);
      store.detach();
    };
  }, [store]);
  return [useSyncExternalStore(store.subscribe, store.getSnapshot), store];
}
