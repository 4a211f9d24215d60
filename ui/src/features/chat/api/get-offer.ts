import { request } from "@/lib/http";

export interface Choice {
  id: string;
  name: string;
  description?: string | null;
}

/** The models, modes and levels of reasoning that a session's agent offers, and which ones it uses now. */
export interface Offer {
  models?: Choice[];
  model?: string | null;
  modes?: Choice[];
  mode?: string | null;
  reasoning?: Choice[];
  reasoningLevel?: string | null;
}

export function getOffer(project: string, session: string): Promise<Offer> {
  return request(`/api/projects/${project}/sessions/${session}/models`);
}
