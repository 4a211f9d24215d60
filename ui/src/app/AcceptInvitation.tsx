import { useState } from "react";
import { useNavigate, useParams } from "react-router";
import { Button } from "@/components/Button";
import { Logo } from "@/components/Logo";
import { ProblemNotice } from "@/components/Notice";
import { LoginPage } from "@/features/account/components/LoginPage";
import { acceptInvitation } from "@/features/members/api/invitations";
import { useAction } from "@/lib/use-action";
import { useSignedOut } from "./use-signed-out";

/** Where an invitation's link leads. Nothing happens before the invited person says so. */
export function AcceptInvitation() {
  const { token = "" } = useParams();
  const navigate = useNavigate();
  const signedOut = useSignedOut();
  const [done, setDone] = useState(false);
  const accept = useAction(async () => {
    const member = await acceptInvitation(token);
    setDone(true);
    navigate(`/p/${member.projectId}`, { replace: true });
  });
  if (signedOut) {
    return <LoginPage />;
  }
  return (
    <main className="mx-auto flex h-full max-w-md flex-col items-center justify-center gap-4 p-6 text-center">
      <Logo className="size-12" />
      <h1 className="text-xl font-semibold">You are invited to a project</h1>
      <p className="text-ink-muted">The invitation is for the e-mail address that it was sent to.</p>
      {accept.error !== null && <ProblemNotice error={accept.error} className="w-full text-start" />}
      <Button look="primary" busy={accept.busy || done} onClick={() => accept.run()}>
        Join the project
      </Button>
    </main>
  );
}
