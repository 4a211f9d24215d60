import { ProblemError } from "@/lib/http";
import { getTerminalStatus } from "../api/get-terminal-status";
import { terminalAddress } from "../api/terminal-address";
import type { TerminalServer } from "./connection";

/** A browser is not told why a WebSocket was refused, so the terminal's status is asked instead. */
export function terminalServer(project: string, session: string): TerminalServer {
  return {
    open: (size, since) => new WebSocket(terminalAddress(project, session, size, since)),
    refusal: async () => {
      try {
        const { status, error } = await getTerminalStatus(project, session);
        return status === "failed" || status === "unavailable"
          ? error || "The sandbox gives no terminal now."
          : null;
      } catch (cause) {
        const status = cause instanceof ProblemError ? cause.problem.status : 0;
        if (status === 404 || status === 501) return "This server has no terminal for this session.";
        return status === 401 || status === 403 ? "You may not open a terminal here." : null;
      }
    },
  };
}
