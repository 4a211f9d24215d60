import { request } from "@/lib/http";

/** A port that listens in the sandbox, or a service that the workspace declares. */
export interface Service {
  id?: string;
  name?: string | null;
  description?: string | null;
  port?: number | null;
  /** Declared services may say their port here, as `http` or `https`. */
  http?: number | null;
  https?: number | null;
  status?: string | null;
  /** Where its first page is. */
  urlPath?: string | null;
  /** Its program or hook, as far as it is known. */
  process?: string | null;
  /** The address that the server gives it, when previews have an origin of their own. */
  url?: string | null;
}

export async function getServices(project: string, session: string): Promise<Service[]> {
  const answer: { services?: Service[] } = await request(
    `/api/projects/${project}/sessions/${session}/services`,
  );
  return answer.services ?? [];
}

/** Null for a service that has no port to open. */
export function portOf(service: Service): number | null {
  return [service.port, service.http, service.https].find((port) => typeof port === "number") ?? null;
}

/** Where the browser opens it: at the server's own address for it, or below `/preview`. Only http(s) is a page. */
export function previewAddress(session: string, service: Service): string | null {
  if (service.url && /^(https?:\/\/|\/(?!\/))/.test(service.url)) {
    return service.url;
  }
  const port = portOf(service);
  const path = (service.urlPath ?? "").replace(/^\/+/, "");
  return port === null ? null : `/preview/${session}/${port}/${path}`;
}
