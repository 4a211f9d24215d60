import { Component, type ReactNode } from "react";
import { Button } from "@/components/Button";
import { ProblemNotice } from "@/components/Notice";

/** A defect of the interface must not leave an empty page behind. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) {
      return this.props.children;
    }
    return (
      <div className="mx-auto max-w-lg p-6">
        <ProblemNotice
          error={this.state.error}
          action={
            <Button size="small" onClick={() => window.location.reload()}>
              Reload
            </Button>
          }
        />
      </div>
    );
  }
}
