/** RFC 9457: what every refused request carries. */
export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  instance?: string;
  errors?: { field: string; detail: string }[];
  [extension: string]: unknown;
}

/** A request that failed, with the problem that the server (or, unreachable, this module) gave. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

export interface RequestOptions {
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  body?: unknown;
  signal?: AbortSignal;
  /** Milliseconds until the request is given up. */
  timeout?: number;
}

/** Fired on `window` when the server says that nobody is logged in. */
export const SIGNED_OUT = "slipway:signed-out";

const DEFAULT_TIMEOUT = 30_000;

/** Sends JSON, gets JSON (or nothing, for 204). Throws `ProblemError` and nothing else. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const timeout = AbortSignal.timeout(options.timeout ?? DEFAULT_TIMEOUT);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  const response = await send(path, options, signal);
  if (response.status === 204) {
    return undefined as T;
  }
  const text = await response.text().catch((cause: unknown) => {
    throw unreachable(cause);
  });
  return (text ? parse(text, response.status) : undefined) as T;
}

/** As `request`, for an answer that is read while it comes; only `signal` ends it. */
export async function openStream(
  path: string,
  options: RequestOptions & { headers?: Record<string, string> } = {},
): Promise<Response> {
  return send(path, options, options.signal, { accept: "text/event-stream", ...options.headers });
}

async function send(
  path: string,
  options: RequestOptions,
  signal: AbortSignal | undefined,
  extra: Record<string, string> = {},
): Promise<Response> {
  const method = options.method ?? "GET";
  const headers: Record<string, string> = {
    accept: "application/json, application/problem+json",
    "x-requested-with": "slipway-ui",
    ...extra,
  };
  if (options.body !== undefined) {
    headers["content-type"] = "application/json";
  }
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const response = await fetch(path, { method, headers, body, signal, credentials: "same-origin" }).catch(
    (cause: unknown) => {
      throw unreachable(cause);
    },
  );
  if (response.ok) {
    return response;
  }
  // A wrong password is not the end of a login.
  if (response.status === 401 && path !== "/auth/login") {
    window.dispatchEvent(new Event(SIGNED_OUT));
  }
  throw new ProblemError(await problemOf(response));
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = {
    title: response.statusText || `Status ${response.status}`,
    status: response.status,
    detail: `The server answered with status ${response.status} and no explanation.`,
  };
  try {
    const body = (await response.json()) as Partial<Problem> & { error?: string };
    return {
      ...body,
      status: response.status,
      title: body.title ?? fallback.title,
      detail: body.detail ?? body.error ?? fallback.detail,
    };
  } catch {
    return fallback;
  }
}

function parse(text: string, status: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError({
      title: "Unreadable answer",
      status,
      detail: "The server's answer is not JSON.",
    });
  }
}

function unreachable(cause: unknown): ProblemError {
  const timedOut = cause instanceof DOMException && cause.name === "TimeoutError";
  return new ProblemError({
    title: timedOut ? "No answer in time" : "Slipway cannot be reached",
    status: 0,
    detail: timedOut
      ? "The server did not answer in time. Try again."
      : "The connection failed. Is Slipway still running? Try again in a moment.",
  });
}

/** Does the server not know the path at all? Then what it would give is left out. */
export function isMissing(error: unknown): boolean {
  const status = error instanceof ProblemError ? error.problem.status : 0;
  return status === 404 || status === 405 || status === 501;
}

/** The sentence to show for whatever was thrown. */
export function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
