import { Navigate } from "react-router";
import useSWR from "swr";
import { Button } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Logo } from "@/components/Logo";
import { ProblemNotice } from "@/components/Notice";
import { LoginPage } from "@/features/account/components/LoginPage";
import { getProjects } from "@/features/projects/api/get-projects";
import { useSignedOut } from "./use-signed-out";

/** Goes on to the first project. */
export function Home() {
  const projects = useSWR("projects", getProjects);
  const signedOut = useSignedOut();
  const first = projects.data?.[0];
  if (signedOut) {
    return <LoginPage />;
  }
  if (first) {
    return <Navigate to={`/p/${first.id}`} replace />;
  }
  return (
    <main className="mx-auto flex h-full max-w-lg flex-col items-center justify-center gap-4 p-6">
      <Logo className="size-12" />
      {projects.error && (
        <ProblemNotice
          error={projects.error}
          action={
            <Button size="small" onClick={() => void projects.mutate()}>
              Try again
            </Button>
          }
        />
      )}
      {projects.data && (
        <EmptyState title="You are in no project">
          Ask an owner to invite you, or make one with the command line.
        </EmptyState>
      )}
      {projects.isLoading && <p className="text-ink-muted">Opening Slipway…</p>}
    </main>
  );
}
