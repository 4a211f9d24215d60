import { request } from "@/lib/http";

/** What the credential is to be. */
export interface SignInWish {
  name: string;
  personal: boolean;
}

export interface SignInBegun {
  /** Where the browser is to go. */
  url: string;
  state: string;
}

const pathOf = (project: string, provider: string) =>
  `/api/projects/${project}/credentials/${encodeURIComponent(provider)}`;

/** Begins a sign-in by browser. The verifier stays on the server. */
export function authorize(project: string, provider: string, wish: SignInWish): Promise<SignInBegun> {
  return request(`${pathOf(project, provider)}/authorize`, { method: "POST", body: wish });
}

/** Ends it with what the provider showed; older servers answer a refused code with 200 and `success: false`. */
export async function exchange(
  project: string,
  provider: string,
  code: string,
  state: string,
  wish: SignInWish,
): Promise<void> {
  const answer: { success?: boolean; error?: string } = await request(
    `${pathOf(project, provider)}/exchange`,
    {
      method: "POST",
      body: { code, state, ...wish },
    },
  );
  if (answer.success === false) {
    throw new Error(answer.error || "The provider did not accept the code. Begin again.");
  }
}
