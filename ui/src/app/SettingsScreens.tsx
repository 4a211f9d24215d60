import { useParams } from "react-router";
import { AgentsPage } from "@/features/agents/components/AgentsPage";
import { CredentialsPage } from "@/features/credentials/components/CredentialsPage";
import { MobileBar } from "./MobileBar";

export function AgentsScreen() {
  const { project = "" } = useParams();
  return (
    <>
      <MobileBar title="Agents" />
      <AgentsPage project={project} />
    </>
  );
}

export function CredentialsScreen() {
  const { project = "" } = useParams();
  return (
    <>
      <MobileBar title="Credentials" />
      <CredentialsPage project={project} />
    </>
  );
}
