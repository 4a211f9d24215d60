import { ChartColumn, LogOut, Settings, ShieldUser, UserRound, Users } from "lucide-react";
import { useNavigate } from "react-router";
import { Menu } from "@/components/Menu";
import { logOut } from "@/features/account/api/me";
import { useMe } from "./project-data";

/** The way to the pages that are needed now and then. */
export function MoreMenu({ project }: { project: string }) {
  const navigate = useNavigate();
  const me = useMe().data;
  const to = (page: string) => () => void navigate(`/p/${project}/${page}`);
  return (
    <Menu
      label="Project and account"
      icon={<Settings aria-hidden className="size-4" />}
      items={[
        { label: "Project", icon: <Users aria-hidden className="size-4" />, onSelect: to("project") },
        { label: "Usage", icon: <ChartColumn aria-hidden className="size-4" />, onSelect: to("usage") },
        { label: "Account", icon: <UserRound aria-hidden className="size-4" />, onSelect: to("account") },
        ...(me?.systemAdmin
          ? [
              {
                label: "Administration",
                icon: <ShieldUser aria-hidden className="size-4" />,
                onSelect: to("administration"),
              },
            ]
          : []),
        ...(me && me.provider !== "anonymous"
          ? [
              {
                label: "Log out",
                icon: <LogOut aria-hidden className="size-4" />,
                onSelect: () => void logOut().finally(() => window.location.assign("/")),
              },
            ]
          : []),
      ]}
    />
  );
}
