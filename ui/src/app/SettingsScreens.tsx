import { type ReactNode, Suspense } from "react";
import { useParams } from "react-router";
import useSWR from "swr";
import { Page } from "@/components/Page";
import { LoginsSection } from "@/features/account/components/LoginsSection";
import { TokensSection } from "@/features/account/components/TokensSection";
import { AuditSection } from "@/features/administration/components/AuditSection";
import { InviteCodesSection } from "@/features/administration/components/InviteCodesSection";
import { UsersSection } from "@/features/administration/components/UsersSection";
import { AgentsPage } from "@/features/agents/components/AgentsPage";
import { CredentialsPage } from "@/features/credentials/components/CredentialsPage";
import { LimitsSection } from "@/features/limits/components/LimitsSection";
import { InvitationsSection } from "@/features/members/components/InvitationsSection";
import { MembersSection } from "@/features/members/components/MembersSection";
import { getProjects } from "@/features/projects/api/get-projects";
import { UsagePage } from "@/features/usage/components/UsagePage";
import { WebhooksSection } from "@/features/webhooks/components/WebhooksSection";
import { sessionTitle } from "@/lib/domain";
import { MobileBar } from "./MobileBar";
import { useMe, useSessions } from "./project-data";

/** The pages around the work. This file is loaded when the first of them is opened. */
function Screen({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <MobileBar title={title} />
      <Suspense>{children}</Suspense>
    </>
  );
}

export function AgentsScreen() {
  const { project = "" } = useParams();
  return (
    <Screen title="Agents">
      <AgentsPage project={project} />
    </Screen>
  );
}

export function CredentialsScreen() {
  const { project = "" } = useParams();
  return (
    <Screen title="Credentials">
      <CredentialsPage project={project} />
    </Screen>
  );
}

export function UsageScreen() {
  const { project = "" } = useParams();
  const sessions = useSessions(project).data ?? [];
  const nameOf = (id: string) => {
    const session = sessions.find((each) => each.id === id);
    return session ? sessionTitle(session) : null;
  };
  return (
    <Screen title="Usage">
      <UsagePage project={project} sessionName={nameOf} />
    </Screen>
  );
}

export function ProjectScreen() {
  const { project = "" } = useParams();
  const projects = useSWR("projects", getProjects);
  const me = useMe().data;
  const own = projects.data?.find((each) => each.id === project);
  const mayManage = own?.role === "owner" || own?.role === "admin";
  return (
    <Screen title="Project">
      <Page
        title={own?.name ?? "Project"}
        description="Who works here, within which limits, and who is told."
      >
        <MembersSection project={project} me={me?.id ?? null} mayManage={mayManage} />
        {mayManage && <InvitationsSection project={project} />}
        <LimitsSection project={project} mayManage={mayManage} />
        {mayManage && <WebhooksSection project={project} />}
      </Page>
    </Screen>
  );
}

export function AccountScreen() {
  const me = useMe().data;
  return (
    <Screen title="Account">
      <Page title="Account" description={me ? (me.name ?? me.displayName ?? me.username) : undefined}>
        <TokensSection />
        <LoginsSection />
      </Page>
    </Screen>
  );
}

export function AdministrationScreen() {
  return (
    <Screen title="Administration">
      <Page title="Administration" description="Of the whole installation.">
        <UsersSection />
        <InviteCodesSection />
        <AuditSection />
      </Page>
    </Screen>
  );
}
