import { type ComponentType, lazy, Suspense } from "react";
import { Navigate, Route, Routes } from "react-router";
import { SWRConfig } from "swr";
import { AcceptInvitation } from "./AcceptInvitation";
import { ErrorBoundary } from "./ErrorBoundary";
import { Home } from "./Home";
import { NotFound } from "./NotFound";
import { ProjectShell } from "./ProjectShell";
import { SessionScreen } from "./SessionScreen";
import { WelcomeScreen } from "./WelcomeScreen";
import { WorkspaceScreen } from "./WorkspaceScreen";

type Settings = typeof import("./SettingsScreens");

/** A page around the work; they are loaded together, when the first of them is opened. */
function settings(name: keyof Settings) {
  const Screen: ComponentType = lazy(async () => ({ default: (await import("./SettingsScreens"))[name] }));
  return (
    <Suspense>
      <Screen />
    </Suspense>
  );
}

const PAGES = {
  agents: settings("AgentsScreen"),
  credentials: settings("CredentialsScreen"),
  usage: settings("UsageScreen"),
  project: settings("ProjectScreen"),
  account: settings("AccountScreen"),
  administration: settings("AdministrationScreen"),
};

/** Every screen has an address; a reload comes back to the same place. */
export function App() {
  return (
    <ErrorBoundary>
      <SWRConfig value={{ errorRetryCount: 5, dedupingInterval: 500 }}>
        <Routes>
          <Route path="/" element={<Home />} />
          <Route path="/p/:project" element={<ProjectShell />}>
            <Route index element={<WelcomeScreen />} />
            {Object.entries(PAGES).map(([path, page]) => (
              <Route key={path} path={path} element={page} />
            ))}
            <Route path="w/:workspace" element={<WorkspaceScreen />} />
            <Route path="w/:workspace/s/:session" element={<SessionScreen />} />
            <Route path="*" element={<NotFound />} />
          </Route>
          <Route path="/invite/:token" element={<AcceptInvitation />} />
          <Route path="/index.html" element={<Navigate to="/" replace />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </SWRConfig>
    </ErrorBoundary>
  );
}
