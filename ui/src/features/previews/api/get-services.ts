import { request } from "@/lib/http";

/** A service that the workspace declares in `.slipway/`, or just a port that listens in the sandbox. */
export interface Service {
  id: string;
  name: string;
  description?: string | null;
  /** Its port, by the protocol that it speaks. */
  http?: number | null;
  https?: number | null;
  /** Where its first page is. */
  path?: string | null;
  status?: string | null;
}

interface Answer {
  services?: Service[];
  ports?: { port: number }[];
}

/** What can be opened: the declared services first, then the ports that belong to none of them. */
export async function getServices(project: string, session: string): Promise<Service[]> {
  const { services = [], ports = [] }: Answer = await request(
    `/api/projects/${project}/sessions/${session}/services`,
  );
  const declared = new Set(services.map(portOf));
  const others = ports
    .filter(({ port }) => !declared.has(port))
    .map(
      ({ port }): Service => ({ id: `port-${port}`, name: `Port ${port}`, http: port, status: "running" }),
    );
  return [...services, ...others];
}

/** Null for a service that has no port to open. */
export function portOf(service: Service): number | null {
  return service.http ?? service.https ?? null;
}

/** Where the browser opens it; null when there is nothing to open. */
export function previewAddress(session: string, service: Service): string | null {
  const port = portOf(service);
  const path = (service.path ?? "").replace(/^\/+/, "");
  return port === null ? null : `/preview/${session}/${port}/${path}`;
}
