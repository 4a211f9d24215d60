import { request } from "@/lib/http";
import { fetchAll } from "@/lib/lists";

export interface Webhook {
  id: string;
  url: string;
  /** Names of events; empty for all. */
  types: string[];
  /** What deliveries are signed with; only in the answer that makes it. */
  secret?: string | null;
}

export interface Delivery {
  id: string;
  type: string;
  /** `waiting`, `delivered`, or `dead` once it was given up. */
  state: string;
  attempts: number;
  lastStatus?: number | null;
  lastError?: string | null;
  createdAt: string;
}

const pathOf = (project: string) => `/api/projects/${project}/webhooks`;

export function getWebhooks(project: string): Promise<Webhook[]> {
  return fetchAll(pathOf(project), "webhooks");
}

export function createWebhook(project: string, url: string, types: string[]): Promise<Webhook> {
  return request(pathOf(project), { method: "POST", body: { url, types } });
}

export function deleteWebhook(project: string, id: string): Promise<void> {
  return request(`${pathOf(project)}/${id}`, { method: "DELETE" });
}

/** Sends a delivery that says nothing but that it is one. */
export function testWebhook(project: string, id: string): Promise<void> {
  return request(`${pathOf(project)}/${id}/test`, { method: "POST", body: {} });
}

/** The newest deliveries. */
export async function getDeliveries(project: string, id: string): Promise<Delivery[]> {
  const answer: { deliveries?: Delivery[] } = await request(`${pathOf(project)}/${id}/deliveries?limit=20`);
  return answer.deliveries ?? [];
}
