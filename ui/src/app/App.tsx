import { Navigate, Route, Routes } from "react-router";
import { SWRConfig } from "swr";
import { ErrorBoundary } from "./ErrorBoundary";
import { Home } from "./Home";
import { NotFound } from "./NotFound";
import { ProjectShell } from "./ProjectShell";
import { SessionScreen } from "./SessionScreen";
import { AgentsScreen, CredentialsScreen } from "./SettingsScreens";
import { WelcomeScreen } from "./WelcomeScreen";
import { WorkspaceScreen } from "./WorkspaceScreen";

/** Every screen has an address; a reload comes back to the same place. */
export function App() {
  return (
    <ErrorBoundary>
      <SWRConfig value={{ errorRetryCount: 5, dedupingInterval: 500 }}>
        <Routes>
          <Route path="/" element={<Home />} />
          <Route path="/p/:project" element={<ProjectShell />}>
            <Route index element={<WelcomeScreen />} />
            <Route path="agents" element={<AgentsScreen />} />
            <Route path="credentials" element={<CredentialsScreen />} />
            <Route path="w/:workspace" element={<WorkspaceScreen />} />
            <Route path="w/:workspace/s/:session" element={<SessionScreen />} />
            <Route path="*" element={<NotFound />} />
          </Route>
          <Route path="/index.html" element={<Navigate to="/" replace />} />
          <Route path="*" element={<NotFound />} />
        </Routes>
      </SWRConfig>
    </ErrorBoundary>
  );
}
