import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** Nearer than this many pixels counts as "at the bottom". */
const NEAR = 48;

/** Keeps the newest text in sight while the reader is at the bottom, and never pulls them there when they are not. */
export function useStickToBottom(content: unknown, conversation: string) {
  const viewport = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const [atBottom, setAtBottom] = useState(true);

  const toBottom = useCallback(() => {
    sticks.current = true;
    setAtBottom(true);
    viewport.current?.scrollTo({ top: viewport.current.scrollHeight });
  }, []);

  useEffect(() => {
    const element = viewport.current;
    if (!element) {
      return;
    }
    let last = element.scrollTop;
    const onScroll = () => {
      const near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
      // Text that grows moves the bottom away without a scroll upwards: that is not the reader leaving.
      if (near || element.scrollTop < last) {
        sticks.current = near;
        setAtBottom(near);
      }
      last = element.scrollTop;
    };
    const follow = new ResizeObserver(() => {
      if (sticks.current) element.scrollTop = element.scrollHeight;
    });
    element.addEventListener("scroll", onScroll, { passive: true });
    follow.observe(element);
    if (inner.current) follow.observe(inner.current);
    return () => {
      element.removeEventListener("scroll", onScroll);
      follow.disconnect();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another conversation starts at its end
  useLayoutEffect(toBottom, [conversation, toBottom]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: runs whenever the content changed
  useLayoutEffect(() => {
    const element = viewport.current;
    if (element && sticks.current) element.scrollTop = element.scrollHeight;
  }, [content]);

  /** What is read stays where it is while older text comes in above it. */
  const keepPlace = useCallback(async (load: () => Promise<void>) => {
    const element = viewport.current;
    const below = element ? element.scrollHeight - element.scrollTop : 0;
    await load();
    requestAnimationFrame(() => {
      if (element) element.scrollTop = element.scrollHeight - below;
    });
  }, []);

  return { viewport, content: inner, atBottom, toBottom, keepPlace };
}
